import type {Config} from '@docusaurus/types';
import type * as Preset from '@docusaurus/preset-classic';

const config: Config = {
  title: "Sailor's Knots",
  tagline: 'Rope in hand',
  url: 'https://knots.example',
  baseUrl: '/',
  trailingSlash: true,
  onBrokenLinks: 'ignore',
  markdown: {format: 'detect'},
  presets: [
    [
      'classic',
      {
        docs: {
          path: '../docs',
          routeBasePath: '/',
          sidebarPath: './sidebars.ts',
          numberPrefixParser: false,
        },
        blog: false,
      } satisfies Preset.Options,
    ],
  ],
};

export default config;
