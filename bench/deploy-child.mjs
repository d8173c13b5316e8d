// Deploys one folder with one contender, and prints what it took as JSON. Started with `ulimit -n 256`.
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

const { contender, entry, url, folder } = JSON.parse(process.argv[2]);
const startedAt = performance.now();
const uploaded = await (contender === 'vercel-rest' ? deployOurs() : deployTheirs());
const { maxRSS } = process.resourceUsage();
console.log(
  JSON.stringify({ seconds: (performance.now() - startedAt) / 1000, peakMb: maxRSS / 1024, uploaded }),
);
process.exit(0);

async function deployOurs() {
  const { createClient } = await import(new URL('index.js', entry).href);
  const { deployFolder, platformOperations } = await import(new URL('platform/index.js', entry).href);
  const client = createClient({ baseUrl: url, bearerToken: 'bench', operations: platformOperations });
  const { uploaded } = await deployFolder(client, folder, { deployment: { name: 'bench' } });
  return uploaded;
}

async function deployTheirs() {
  const { createDeployment } = (await import(pathToFileURL(entry).href)).default;
  let uploaded = 0;
  for await (const event of createDeployment(
    { token: 'bench', apiUrl: url, path: folder },
    { name: 'bench' },
  )) {
    if (event.type === 'file-uploaded') uploaded += 1;
    if (event.type === 'error')
      throw new Error(
        String(event.payload?.cause?.stack ?? event.payload?.message ?? event.payload).slice(0, 500),
      );
  }
  return uploaded;
}
