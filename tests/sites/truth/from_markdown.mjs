// Renders Markdown as Quartz or GitHub does, with the packages that Quartz itself is made of: `node from_markdown.mjs SRC KIND OUT`.
//
// KIND is `quartz`, `obsidian` or `plain`. Quartz is a repository and no package, and GitHub is no program, so only the parser and
// the ids (rehype-slug, which is github-slugger) are theirs; what is done to a note before is written here, by their documentation.
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {pathToFileURL} from 'node:url';

const [src, kind, out] = process.argv.slice(2);
// Packages lie in the working directory, not beside this file.
const find = createRequire(path.join(process.cwd(), 'package.json'));
const load = async (name) => import(pathToFileURL(find.resolve(name)));
const {unified} = await load('unified');
const plugin = async (name) => (await load(name)).default;
const yaml = await load('yaml');

const markdown = unified()
  .use(await plugin('remark-parse'))
  .use(await plugin('remark-frontmatter'), ['yaml'])
  .use(await plugin('remark-gfm'));
if (kind === 'quartz') markdown.use(await plugin('remark-smartypants'));
markdown
  .use(await plugin('remark-rehype'), {allowDangerousHtml: true})
  .use(await plugin('rehype-raw'))
  .use(await plugin('rehype-slug'))
  .use(await plugin('rehype-stringify'));

const notes = {};
for (const name of fs.readdirSync(src, {recursive: true}).map(String).sort()) {
  if (!name.endsWith('.md')) continue;
  const text = fs.readFileSync(path.join(src, name), 'utf8');
  const front = /^---\n([\s\S]*?)\n---\n/.exec(text);
  const html = String(await markdown.process(kind === 'plain' ? text : shown(text)));
  notes[name] = {html, front: front ? (yaml.parse(front[1]) ?? {}) : {}};
}
fs.writeFileSync(out, JSON.stringify(notes));

// A note as its reader sees it: no comments, a wikilink by its text, marked words by themselves.
function shown(text) {
  return text
    .replace(/%%[\s\S]*?%%/g, '')
    .replace(/!?\[\[([^\]|#]*)(#[^\]|]*)?(?:\|([^\]]*))?\]\]/g, (_, note, heading, alias) => alias ?? note + (heading ?? ''))
    .replace(/==([^=\n]+)==/g, '$1');
}
