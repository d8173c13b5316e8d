import { useEffect } from 'react';
import { runInBrowser } from '../../browser';

export default function Browser() {
  useEffect(() => void runInBrowser(), []);
  return <p>The package in client code</p>;
}
