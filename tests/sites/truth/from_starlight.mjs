// Builds an Astro Starlight site and writes the entries of its collection: `node from_starlight.mjs SRC SITE_DIR OUT`.
//
// SRC is the fixture's `src`, SITE_DIR the folder of astro.config below it, OUT the file to write; `from_starlight.py` reads it.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const [src, siteFolder, out] = process.argv.slice(2);
const work = path.join(process.cwd(), 'build', path.basename(path.dirname(path.resolve(src))));
const site = path.join(work, siteFolder);

fs.rmSync(work, {recursive: true, force: true});
fs.cpSync(src, work, {recursive: true});
fs.writeFileSync(path.join(site, 'package.json'), JSON.stringify({type: 'module', private: true}));
// One route more, which says what the collection holds.
fs.mkdirSync(path.join(site, 'src/pages'), {recursive: true});
fs.writeFileSync(
  path.join(site, 'src/pages/kept.json.ts'),
  `import {getCollection} from 'astro:content';
export async function GET() {
  const entries = await getCollection('docs');
  return new Response(JSON.stringify({base: import.meta.env.BASE_URL, entries: entries.map(({id, filePath, data}) => ({id, filePath, data}))}));
}
`,
);
execFileSync('node', [path.join(process.cwd(), 'node_modules/astro/astro.js'), 'build'], {
  cwd: site,
  stdio: 'inherit',
  env: {...process.env, ASTRO_TELEMETRY_DISABLED: '1'},
});
const kept = JSON.parse(fs.readFileSync(path.join(site, 'dist/kept.json'), 'utf8'));
fs.writeFileSync(out, JSON.stringify({...kept, build: path.join(site, 'dist'), site: siteFolder}));
