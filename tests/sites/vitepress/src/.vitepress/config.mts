import { defineConfig } from 'vitepress'

const guide = [
  {
    text: 'Guide',
    base: '/guide/',
    items: [
      { text: 'Start', link: 'start' },
      { text: 'Starter', link: 'Starter Culture' },
      { text: 'Shaping', items: [{ text: 'Rounds', link: 'rounds.md' }] },
    ],
  },
]

export default defineConfig({
  title: 'Bread Diary',
  base: '/bread/',
  lang: 'en-GB',
  srcExclude: ['snippets/**', '**/TODO.md'],
  rewrites: { 'packages/:pkg/src/:page': ':pkg/:page' },
  locales: {
    root: { label: 'English', lang: 'en-GB' },
    fr: { label: 'Français', lang: 'fr', themeConfig: { sidebar: { '/fr/guide/': [{ text: 'Début', link: '/fr/guide/start' }] } } },
  },
  themeConfig: { sidebar: { '/guide/': guide, '/oven/': [{ text: 'Heat', link: '/oven/heat.html' }] } },
})
