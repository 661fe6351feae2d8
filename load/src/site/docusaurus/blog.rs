//! Blogs of Docusaurus.

use crate::site::address::{leading_date, path_of, without_extension};
use crate::site::{Leaf, Place, Placed, Track};

/// Where a blog shows the post at `inner`: under the day that its path says, unless it has a slug.
pub(super) fn place(inner: &str, leaf: &Leaf<'_>) -> Place {
    let stem = without_extension(inner);
    let stem = stem.strip_suffix("/index").unwrap_or(stem);
    let starts = stem.match_indices('/').map(|(at, _)| at + 1).rev().chain(std::iter::once(0));
    let dated = starts.into_iter().find_map(|at| Some((at, leading_date(&stem[at..])?)));
    let (path, name, named_day) = match dated {
        Some((at, (day, rest))) => {
            let name = rest.trim_start_matches(['-', '/']);
            let day = day.map(|part| format!("{part:0>2}"));
            (path_of(&[&day[0], &day[1], &day[2], &stem[..at], name]), name, Some(day.join("-")))
        }
        None => (stem.to_owned(), stem.rsplit('/').next().unwrap_or(stem), None),
    };
    Place {
        url: leaf.text("slug").map_or_else(|| format!("/{path}"), |slug| format!("/{}", slug.trim_start_matches('/'))),
        stem_title: name.to_owned(),
        key: stem.to_owned(),
        date: leaf.text("date").map(str::to_owned).or(named_day),
        ..Place::default()
    }
}

/// The posts as the blog lists them: the newest first.
pub(super) fn track(posts: &[&Placed]) -> Track {
    let mut posts: Vec<&Placed> = posts.iter().copied().filter(|post| post.place.date.is_some()).collect();
    posts.sort_by(|a, b| b.place.date.cmp(&a.place.date).then_with(|| a.path.cmp(&b.path)));
    Track::of_pages(posts)
}
