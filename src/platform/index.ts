/**
 * The daily work of platform teams with the Vercel REST API: many calls under rate limits, waiting, deploying a folder,
 * keeping environment variables in step, following a build log.
 *
 * @module vercel-rest/platform
 */
export {
  type DeployFolderOptions,
  type DeployFolderResult,
  type DeployProgress,
  deployFolder,
} from './deploy-folder.js';
export { type EnvAction, type EnvStep, formatEnvPlan, type WantedVariable } from './env-plan.js';
export { type FollowEventsOptions, followEvents } from './follow-events.js';
export {
  type LimitedClient,
  type LimitedOptions,
  type LimitedProgress,
  limited,
  type Outcome,
} from './limited.js';
export {
  type BodyIn,
  type DeploymentOf,
  type EventOf,
  type OperationIn,
  type PlatformOperationId,
  type PlatformOperations,
  type PlatformPaths,
  type ProjectOf,
  platformOperations,
  type QueryIn,
  type RequestBodyIn,
  type Requires,
} from './platform-client.js';
export {
  DeployFilesError,
  DeploymentCanceledError,
  DeploymentError,
  DeploymentFailedError,
  type DeploymentFailure,
  type FileFailure,
  PollTimeoutError,
  PromotionError,
} from './platform-errors.js';
export { type PollFacts, type PollOptions, poll } from './poll.js';
export type { RateLesson } from './rate-lesson.js';
export { createRateLimits, type RateLimits } from './rate-limits.js';
export {
  type EnvOutcome,
  type EnvPlan,
  type SyncEnvOptions,
  type SyncEnvReport,
  syncEnv,
} from './sync-env.js';
export { type WaitForDeploymentOptions, waitForDeployment } from './wait-for-deployment.js';
export { type DomainState, waitForDomain } from './wait-for-domain.js';
export { waitForPromotion } from './wait-for-promotion.js';
