const [major] = (await import('next/package.json', { with: { type: 'json' } })).default.version.split('.');

// The folder of this file is the root: Next would otherwise search the folders above for a lockfile.
export default Number(major) >= 16 ? { turbopack: { root: import.meta.dirname } } : {};
