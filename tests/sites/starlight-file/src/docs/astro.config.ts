import { defineConfig } from 'astro/config';
import starlight from '@astrojs/starlight';

export default defineConfig({
  site: 'https://knots.example',
  trailingSlash: 'never',
  build: { format: 'file' },
  integrations: [starlight({ title: 'Knots', favicon: '/knot.svg' })],
});
