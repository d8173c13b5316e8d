/** Tokens that a full bucket holds. */
const CAPACITY = 500;
/** What a further attempt costs; after a timeout, which held a connection for long, twice as much. */
const RETRY_COST = 5;
const TIMEOUT_RETRY_COST = 10;

/** Bounds how much retrying may add to the load of an API that is down. */
export interface RetryBudget {
  /** Takes what a further attempt costs; `false` when there is not enough left, so that the failure is final. */
  spend(afterTimeout: boolean): boolean;
  /** Gives a little back: a call succeeded. */
  refund(): void;
}

/**
 * Makes the bucket of one API origin: 500 tokens, 5 for a retry, 10 after a timeout, 1 back for a success.
 *
 * In a full outage of any length all calls together make at most a hundred further attempts, instead of three each.
 * The numbers are those of the AWS SDKs' standard retry mode.
 */
export function createRetryBudget(): RetryBudget {
  let left = CAPACITY;
  return {
    spend(afterTimeout) {
      const cost = afterTimeout ? TIMEOUT_RETRY_COST : RETRY_COST;
      if (left < cost) return false;
      left -= cost;
      return true;
    },
    refund() {
      left = Math.min(CAPACITY, left + 1);
    },
  };
}
