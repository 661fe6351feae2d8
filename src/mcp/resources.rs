//! Pages as resources, `gradus://concepts/{slug}` and `gradus://guides/{slug}`, and the prompt that begins a study plan.

use gradus_corpus::{Kind, PageId};
use gradus_engine::questions::list::Slice;
use gradus_engine::questions::markdown::page_markdown;
use gradus_engine::questions::reference::nearest;
use gradus_engine::view::View;
use rmcp::ErrorData;
use rmcp::model::{
    GetPromptRequestParams, GetPromptResult, ListResourcesResult, Prompt, PromptArgument, PromptMessage,
    ReadResourceResult, Resource, ResourceContents, ResourceTemplate, Role,
};

const MARKDOWN: &str = "text/markdown";
const SCHEME: &str = "gradus://";

/// Resources a page of the list holds.
const PAGE_RESOURCES: i64 = 100;

/// The pages of `view` as resources, from `cursor` on.
///
/// # Errors
/// If the cursor is none of ours, or of content that is served no more.
pub(super) fn list(view: &View, cursor: Option<&str>) -> Result<ListResourcesResult, ErrorData> {
    let slice = Slice::new(view, Some(PAGE_RESOURCES), cursor)
        .map_err(|refusal| ErrorData::invalid_params(refusal.detail, None))?;
    let pages = view.corpus.pages();
    let resource = |page: &gradus_corpus::Page| {
        let resource = Resource::new(uri(page), page.id()).with_title(&*page.title).with_mime_type(MARKDOWN);
        match &page.description {
            Some(description) => resource.with_description(&**description),
            None => resource,
        }
    };
    let total = pages.len();
    let page = pages.skip(slice.offset).take(slice.limit).map(|(_, page)| resource(page)).collect();
    let mut list = ListResourcesResult::with_all_items(page);
    list.next_cursor = slice.next_cursor(view, total);
    Ok(list)
}

fn uri(page: &gradus_corpus::Page) -> String {
    format!("{SCHEME}{}s/{}", page.kind, page.slug)
}

/// How the address of a resource is made.
pub(super) fn templates() -> Vec<ResourceTemplate> {
    Kind::ALL
        .iter()
        .map(|kind| ResourceTemplate::new(format!("{SCHEME}{kind}s/{{slug}}"), kind.as_str()).with_mime_type(MARKDOWN))
        .collect()
}

/// The page at `uri` as Markdown.
///
/// # Errors
/// If there is none: the nearest are named.
pub(super) fn read(view: &View, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let Some(page) = find(view, uri) else {
        let name = uri.rsplit('/').next().unwrap_or_default();
        let near = nearest(view, name, None).join(", ");
        let nearest = if near.is_empty() { String::new() } else { format!("; nearest: {near}") };
        let told = format!("no page lies at '{}'{nearest}", uri.chars().take(200).collect::<String>());
        return Err(ErrorData::resource_not_found(told, None));
    };
    let text = ResourceContents::text(page_markdown(view, page), uri).with_mime_type(MARKDOWN);
    Ok(ReadResourceResult::new(vec![text]))
}

fn find(view: &View, uri: &str) -> Option<PageId> {
    let (kinds, slug) = uri.strip_prefix(SCHEME)?.split_once('/')?;
    view.corpus.find(Kind::parse(kinds.strip_suffix('s')?)?, slug)
}

/// The prompt that begins a study plan.
pub(super) fn study_plan() -> Prompt {
    let argument = |name: &str, about: &str, is_required| {
        PromptArgument::new(name).with_description(about).with_required(is_required)
    };
    let arguments = vec![
        argument("target", "What to learn", true),
        argument("known", "What the learner knows already, with commas between", false),
        argument("minutes", "How much time there is", false),
    ];
    Prompt::new("study_plan", Some("Plan how to learn something, step by step"), Some(arguments))
}

/// The words of the prompt with its arguments.
///
/// # Errors
/// If there is no such prompt, or it is not said what to learn.
pub(super) fn prompt(request: &GetPromptRequestParams) -> Result<GetPromptResult, ErrorData> {
    if request.name != "study_plan" {
        return Err(ErrorData::invalid_params(
            format!("there is no prompt '{}'; there is study_plan", request.name),
            None,
        ));
    }
    let argument = |name: &str| {
        let value = request.arguments.as_ref().and_then(|all| all.get(name)).and_then(|value| value.as_str());
        value.map(str::trim).filter(|value| !value.is_empty())
    };
    let Some(target) = argument("target") else {
        return Err(ErrorData::invalid_params("`target` is missing: say what to learn", None));
    };
    let mut text = format!("Make me a study plan for {target} with the tool learning_path.");
    if let Some(known) = argument("known") {
        text += &format!(" I know {known} already.");
    }
    if let Some(minutes) = argument("minutes") {
        text += &format!(" I have {minutes} minutes.");
    }
    text += " Tell me for each step what to read, how long it takes and why it comes there; say which steps I cannot open. \
             Then begin with the first step: fetch it and explain it to me.";
    Ok(GetPromptResult::new(vec![PromptMessage::new_text(Role::User, text)]))
}
