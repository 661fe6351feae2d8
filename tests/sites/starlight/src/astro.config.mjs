// @ts-check
import { defineConfig } from 'astro/config';
import starlight from '@astrojs/starlight';

export default defineConfig({
  site: 'https://bread.example',
  base: '/base',
  integrations: [
    starlight({
      title: 'Bread Book',
      defaultLocale: 'root',
      locales: {
        root: { label: 'English', lang: 'en' },
        de: { label: 'Deutsch' },
        'pt-br': { label: 'Português do Brasil', lang: 'pt-BR' },
      },
      sidebar: [
        { label: 'Begin', link: '/' },
        {
          label: 'Guides',
          items: [
            'guides/knead',
            { slug: 'guides/fold', label: 'Fold the dough', translations: { de: 'Teig falten' } },
            { label: 'A mill', link: 'https://mill.example' },
          ],
        },
        { label: 'Reference', autogenerate: { directory: 'reference' } },
        { label: 'Headings', items: ['headings', 'components', 'html'] },
      ],
    }),
  ],
});
