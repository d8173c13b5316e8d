import { readGone } from '../../clients';

export const loader = readGone;

export default function Fail() {
  return <p>The loader of this page fails</p>;
}
