// Builds a Docusaurus site and writes what its plugins know of each page: `node from_docusaurus.mjs SRC SITE_DIR OUT`.
//
// SRC is the fixture's `src`, SITE_DIR the folder of docusaurus.config below it ('.' or a name), OUT the file to write.
// The packages are found from the working directory. What is written is raw: `from_docusaurus.py` reads the built HTML and makes truth.json.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const [src, siteFolder, out] = process.argv.slice(2);
const work = path.join(process.cwd(), 'build', path.basename(path.dirname(path.resolve(src))));
const site = path.join(work, siteFolder);

fs.rmSync(work, {recursive: true, force: true});
fs.cpSync(src, work, {recursive: true});
const config = ['js', 'ts', 'mjs', 'cjs'].map((end) => `docusaurus.config.${end}`).find((name) => fs.existsSync(path.join(site, name)));

// The site's own configuration with one plugin more, which keeps each language's content as the plugins have it, and one
// for the Markdown, which keeps the ids of first-level headings: they use up a name, though no built page carries them.
fs.writeFileSync(
  path.join(site, 'truth.config.mjs'),
  `import fs from 'node:fs';
import config from './${config}';
const read = config.default ?? config;
const titles = () => (tree, file) => {
  const ids = [];
  const visit = (node) => {
    if (node.type === 'heading' && node.depth === 1 && node.data?.id) ids.push(node.data.id);
    node.children?.forEach(visit);
  };
  visit(tree);
  if (ids.length) fs.appendFileSync('kept-ids.ndjson', JSON.stringify([file.path, ids]) + '\\n');
};
const heard = (options) => options && {...options, remarkPlugins: [...(options.remarkPlugins ?? []), titles]};
export default async function () {
  return {
    ...read,
    presets: (read.presets ?? []).map(([name, options]) => [
      name,
      {...options, docs: heard(options.docs), blog: heard(options.blog), pages: heard(options.pages ?? {})},
    ]),
    plugins: [
      ...(read.plugins ?? []).map((plugin) => (Array.isArray(plugin) ? [plugin[0], heard(plugin[1])] : plugin)),
      function keep(context) {
        return {
          name: 'keep',
          allContentLoaded({allContent}) {
            fs.writeFileSync('kept-' + context.i18n.currentLocale + '.json', JSON.stringify({first: context.i18n.defaultLocale, base: context.siteConfig.baseUrl, allContent}));
          },
        };
      },
    ],
  };
}
`,
);
const cli = path.join(process.cwd(), 'node_modules/@docusaurus/core/bin/docusaurus.mjs');
execFileSync('node', [cli, 'build', '.', '--config', 'truth.config.mjs', '--no-minify'], {
  cwd: site,
  stdio: 'inherit',
  env: {...process.env, NODE_ENV: 'production', DOCUSAURUS_NO_PERSISTENT_CACHE: 'true'},
});

const slash = (name) => path.relative(work, path.join(site, name.replace('@site/', ''))).split(path.sep).join('/');
const unwritten = {};
for (const line of fs.readFileSync(path.join(site, 'kept-ids.ndjson'), 'utf8').trim().split('\n')) {
  const [file, ids] = JSON.parse(line);
  unwritten[path.relative(work, file)] = ids;
}
const pages = {};
const languages = fs
  .readdirSync(site)
  .filter((name) => /^kept-.*\.json$/.test(name))
  .map((name) => ({lang: name.slice('kept-'.length, -'.json'.length), ...JSON.parse(fs.readFileSync(path.join(site, name), 'utf8'))}))
  .sort((a, b) => (b.lang === b.first) - (a.lang === a.first));
for (const {lang, allContent} of languages) {
  for (const [instance, content] of Object.entries(allContent['docusaurus-plugin-content-docs'] ?? {})) {
    for (const version of content.loadedVersions) {
      const places = order(version.sidebars, instance);
      for (const doc of version.docs) {
        add(doc.source, {
          lang,
          url: doc.permalink,
          title: doc.title,
          version: content.loadedVersions.length > 1 ? version.versionName : undefined,
          unlisted: doc.unlisted,
          ...places[doc.id],
        });
      }
      for (const doc of version.drafts) add(doc.source, {lang, draft: true});
    }
  }
  for (const content of Object.values(allContent['docusaurus-plugin-content-blog'] ?? {})) {
    const posts = content.blogPosts.map(({metadata}) => metadata);
    posts.forEach((post) => {
      add(post.source, {
        lang,
        url: post.permalink,
        title: post.title,
        date: new Date(post.date).toISOString().slice(0, 10),
        unlisted: post.unlisted,
        track: 'blog',
        order: post.unlisted ? undefined : posts.filter((other) => !other.unlisted).indexOf(post) + 1,
      });
    });
  }
  for (const content of Object.values(allContent['docusaurus-plugin-content-pages'] ?? {})) {
    for (const page of content ?? []) add(page.source, {lang, url: page.permalink, title: page.title, unlisted: page.unlisted});
  }
}
fs.writeFileSync(out, JSON.stringify({build: path.join(site, 'build'), base: languages[0].base, pages}));

// Each document's place in the sidebar that holds it, as previous and next follow it; a `ref` is a link and no place.
function order(sidebars, instance) {
  const places = {};
  for (const [name, items] of Object.entries(sidebars)) {
    let last = 0;
    const visit = (item) => {
      const id = item.type === 'doc' ? item.id : item.type === 'category' && item.link?.type === 'doc' ? item.link.id : undefined;
      if (id && !(id in places)) {
        last += 1;
        places[id] = {track: instance === 'default' ? name : `${instance}/${name}`, order: last, label: item.label};
      }
      item.items?.forEach(visit);
    };
    items.forEach(visit);
  }
  return places;
}


// A file that a language has not translated is published in that language too, from the same source: its first row is the file's own.
function add(source, row) {
  if (!source?.startsWith('@site/')) return;
  const file = slash(source);
  if (unwritten[file]) row.unwritten = unwritten[file];
  const own = file.match(/(?:^|\/)i18n\/([^/]+)\//)?.[1];
  if (own ? own === row.lang : !(file in pages)) pages[file] = row;
}
