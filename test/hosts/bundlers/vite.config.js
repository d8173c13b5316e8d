import { defineConfig } from 'vite';

export default defineConfig(({ isSsrBuild }) =>
  isSsrBuild
    ? { ssr: { noExternal: true } }
    : {
        build: {
          lib: { entry: 'browser.ts', formats: ['es'], fileName: () => 'page.js' },
          rollupOptions: { output: { inlineDynamicImports: true } },
        },
      },
);
