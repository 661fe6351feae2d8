// @ts-check

/** @type {import('@docusaurus/types').Config} */
const config = {
  title: 'Bread Notes',
  url: 'https://bread.example',
  baseUrl: '/base/',
  onBrokenLinks: 'ignore',
  i18n: {
    defaultLocale: 'en',
    locales: ['en', 'de'],
  },
  presets: [
    [
      'classic',
      /** @type {import('@docusaurus/preset-classic').Options} */
      ({
        docs: {
          sidebarPath: './sidebars.js',
          versions: {
            '1.0': {label: 'First edition', path: 'first'},
          },
        },
        blog: {
          blogTitle: 'Oven diary',
          onInlineAuthors: 'ignore',
          onUntruncatedBlogPosts: 'ignore',
        },
      }),
    ],
  ],
  plugins: [
    [
      '@docusaurus/plugin-content-docs',
      {
        id: 'recipes',
        path: 'recipes',
        routeBasePath: 'cook/recipes',
        sidebarPath: false,
      },
    ],
  ],
  themeConfig: {
    navbar: {
      title: 'Bread Notes',
      items: [
        {type: 'docSidebar', sidebarId: 'bread', label: 'Handbook'},
        {to: '/blog', label: 'Diary'},
      ],
    },
  },
};

module.exports = config;
