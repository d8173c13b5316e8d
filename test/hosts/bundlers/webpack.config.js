export default {
  mode: 'production',
  target: 'node',
  entry: './main.ts',
  output: { path: `${import.meta.dirname}/out`, filename: 'webpack.cjs' },
  resolve: { extensions: ['.ts', '.js'] },
  module: { rules: [{ test: /\.ts$/, loader: 'ts-loader' }] },
};
