/**
 * Returns the environment variables of a deployment: the OIDC token of its project, unsigned, which an emulator believes.
 */
export function deployment(projectId: string, environment: string): { VERCEL_OIDC_TOKEN: string } {
  const claims = { project_id: projectId, environment };
  return { VERCEL_OIDC_TOKEN: `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln` };
}
