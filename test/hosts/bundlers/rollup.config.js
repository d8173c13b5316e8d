import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import resolve from '@rollup/plugin-node-resolve';
import typescript from '@rollup/plugin-typescript';

export default {
  input: 'main.ts',
  output: { file: 'out/rollup.mjs', format: 'es', inlineDynamicImports: true },
  external: [/^node:/],
  plugins: [
    resolve({ preferBuiltins: true }),
    commonjs(),
    json(),
    typescript({ compilerOptions: { outDir: 'out' } }),
  ],
};
