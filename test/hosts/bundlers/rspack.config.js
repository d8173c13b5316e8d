export default {
  mode: 'production',
  target: 'node',
  entry: './main.ts',
  output: { path: `${import.meta.dirname}/out`, filename: 'rspack.cjs' },
  resolve: { extensions: ['.ts', '.js'] },
  module: { rules: [{ test: /\.ts$/, loader: 'builtin:swc-loader' }] },
};
