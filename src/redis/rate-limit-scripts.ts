import { NOW, script } from './scripts.js';

/** Begins a new window where the old one is over. KEYS window, tickets; needs `now`. */
const ROLL = `
local function number(field) return tonumber(redis.call('HGET', KEYS[1], field) or nil) end
local function ending()
  local resetAt, length, started = number('resetAt'), number('lengthMs'), number('startedAt')
  if resetAt then return resetAt end
  if length and started then return started + length end
  return nil
end
local over = ending()
if over and now >= over then
  local limit = redis.call('HGET', KEYS[1], 'limit')
  if limit then redis.call('HSET', KEYS[1], 'remaining', limit) else redis.call('HDEL', KEYS[1], 'remaining') end
  redis.call('HDEL', KEYS[1], 'resetAt', 'startedAt', 'succeeded')
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
`;

/**
 * Asks for leave to send one request.
 *
 * KEYS window, tickets. ARGV ticket, life of a ticket ms, ms to wait for responses under way, life of the window ms. Returns
 * 0 for leave, else milliseconds to wait.
 */
export const ACQUIRE = script(`${NOW}${ROLL}
local remaining = number('remaining')
local inFlight = redis.call('ZCARD', KEYS[2])
if remaining and remaining <= inFlight then
  local over = ending()
  if remaining > 0 or not over then return tonumber(ARGV[3]) end
  return math.max(1, math.ceil(over - now))
end
redis.call('HSETNX', KEYS[1], 'startedAt', now)
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[2]), ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return 0
`);

/**
 * Says that a request is over, and what its response taught.
 *
 * KEYS window, tickets. ARGV ticket, 1 for a lesson, 1 for a refusal, limit, remaining, reset ms (each may be empty), ms by
 * which two resets of one window differ, life of the window ms.
 */
export const SETTLE = script(`${NOW}${ROLL}
redis.call('ZREM', KEYS[2], ARGV[1])
local isLesson, isRefusal = ARGV[2] == '1', ARGV[3] == '1'
local limit, left, resetMs = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]) or 0
if not isRefusal then redis.call('HINCRBY', KEYS[1], 'succeeded', 1) end
local remaining = number('remaining')
if remaining and not left then redis.call('HSET', KEYS[1], 'remaining', math.max(0, remaining - 1)) end
local function learn()
  if not isLesson or resetMs <= 0 then return end
  local before, resetAt, spread = number('resetAt'), math.floor(now + resetMs), tonumber(ARGV[7])
  if before and resetAt < before - spread then return end
  local isSame = before and resetAt <= before + spread
  local started = number('startedAt')
  if limit then
    redis.call('HSET', KEYS[1], 'limit', math.max(1, limit))
  elseif isRefusal and started and not number('limit') then
    local inferred = math.max(1, number('succeeded') or 0)
    redis.call('HSET', KEYS[1], 'limit', inferred, 'lengthMs', math.floor(resetAt - started))
  end
  if isSame then resetAt = math.max(before, resetAt) end
  redis.call('HSET', KEYS[1], 'resetAt', resetAt)
  if not left then return end
  if isSame and remaining then left = math.min(remaining, left) end
  redis.call('HSET', KEYS[1], 'remaining', left)
end
learn()
redis.call('PEXPIRE', KEYS[1], ARGV[8])
return 1
`);
