# Put into the site's _plugins: keeps what Jekyll knows of each page it wrote. `from_jekyll.py` reads it.
require "json"

Jekyll::Hooks.register :site, :post_write do |site|
  kept = []
  note = lambda do |file, path, track, order|
    kept << {
      "path" => path, "url" => file.url, "built" => file.destination(site.dest), "title" => file.data["title"],
      "track" => track, "order" => order,
      "date" => track == "posts" ? file.date.strftime("%Y-%m-%d") : nil
    }
  end
  site.pages.each { |page| note.call(page, page.path, nil, nil) }
  site.collections.each do |label, collection|
    next unless collection.write?
    collection.docs.each_with_index { |doc, place| note.call(doc, doc.relative_path, label, place + 1) }
  end
  copied = site.static_files.map { |file| { "path" => file.relative_path.delete_prefix("/"), "url" => file.url } }
  File.write(ENV.fetch("KEPT"), JSON.generate("baseurl" => site.baseurl.to_s, "pages" => kept, "copied" => copied))
end
