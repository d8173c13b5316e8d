import { createHash } from 'node:crypto';

/** A Lua script, and the digest that a server knows it by. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** Names a script by its digest. */
export function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** The server's clock in milliseconds. */
export const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/**
 * Reads the state of a token in one step, and takes the lease if it is free and the entry is missing.
 *
 * KEYS entry, lease, generations... ARGV owner, lease ms, seen, generation ms, channel, message, how many are replaced, then
 * one fresh text for each generation, then the places of those replaced.
 */
export const ACQUIRE = script(`${NOW}
local owner, leaseMs, seen, generationMs = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local replaced = tonumber(ARGV[7])
local count = #KEYS - 2
for index = 1, replaced do
  local place = tonumber(ARGV[7 + count + index])
  redis.call('SET', KEYS[2 + place], ARGV[7 + place], 'PX', generationMs)
end
if replaced > 0 then
  redis.call('DEL', KEYS[1], KEYS[2])
  redis.call('PUBLISH', ARGV[5], ARGV[6])
end
local found = redis.call('MGET', unpack(KEYS))
local entry = found[1]
local left = 0
if entry then left = redis.call('PTTL', KEYS[1]) end
local leased = 0
if not entry or (seen ~= '' and string.sub(entry, 1, #seen) == seen) then
  if redis.call('SET', KEYS[2], owner, 'NX', 'PX', leaseMs) then leased = 1 end
end
local reply = { entry or '', left, leased, now }
for index = 1, count do
  local generation = found[2 + index]
  if leased == 1 and not generation then
    generation = ARGV[7 + index]
    redis.call('SET', KEYS[2 + index], generation, 'PX', generationMs)
  end
  reply[4 + index] = generation or ''
end
return reply
`);

/** KEYS lease. ARGV owner, lease ms (0 gives it up), channel, message. */
export const RENEW = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if tonumber(ARGV[2]) > 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
else
  redis.call('DEL', KEYS[1])
  redis.call('PUBLISH', ARGV[3], ARGV[4])
end
return 1
`);

/**
 * Stores under a lease, unless it or a generation is no longer what it was.
 *
 * KEYS entry, lease, generations... ARGV owner, value, until (the server's clock), spare ms, channel, message, generations...
 */
export const WRITE = script(`${NOW}
local isOwner = redis.call('GET', KEYS[2]) == ARGV[1]
local isCurrent = true
local isEnded = false
for index = 3, #KEYS do
  local generation = redis.call('GET', KEYS[index])
  if generation ~= ARGV[4 + index] then
    isCurrent = false
    if generation and string.sub(generation, 1, 1) == '!' then isEnded = true end
  end
end
local left = tonumber(ARGV[3]) - now
if isOwner and isCurrent and left > 0 then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', left)
  for index = 3, #KEYS do
    if redis.call('PTTL', KEYS[index]) < left + ARGV[4] then
      redis.call('PEXPIRE', KEYS[index], left + ARGV[4])
    end
  end
end
if isOwner then
  redis.call('DEL', KEYS[2])
  redis.call('PUBLISH', ARGV[5], ARGV[6])
end
if isEnded then return 'outdated' end
if isOwner and isCurrent and left > 0 then return 'stored' end
return 'lost'
`);

/** KEYS generations... ARGV generation ms, least ms, then a fresh text for each. Returns them as they now are. */
export const GENERATIONS = script(`
local reply = {}
for index = 1, #KEYS do
  local generation = redis.call('GET', KEYS[index])
  if not generation then
    generation = ARGV[2 + index]
    redis.call('SET', KEYS[index], generation, 'PX', ARGV[1])
  end
  if redis.call('PTTL', KEYS[index]) < tonumber(ARGV[2]) then
    redis.call('PEXPIRE', KEYS[index], ARGV[2])
  end
  reply[index] = generation
end
return reply
`);

/**
 * KEYS generations... ARGV life ms, channel, message, condition, then a fresh text for each, then an expected one for each
 * where the condition is 'expected'. Returns how many were replaced.
 */
export const REPLACE = script(`
local condition = ARGV[4]
local count = 0
for index = 1, #KEYS do
  local generation = redis.call('GET', KEYS[index])
  local isMeant = true
  if condition == 'expected' then isMeant = generation == ARGV[4 + #KEYS + index] end
  if condition == 'unless-ending' then
    isMeant = not (generation and string.sub(generation, 1, 1) == '!')
  end
  if isMeant then
    redis.call('SET', KEYS[index], ARGV[4 + index], 'PX', ARGV[1])
    count = count + 1
  end
end
if count > 0 then redis.call('PUBLISH', ARGV[2], ARGV[3]) end
return count
`);

/** KEYS hold. ARGV least ms, 0 to ask. Returns what is left. */
export const COOLDOWN = script(`
local left = redis.call('PTTL', KEYS[1])
local least = tonumber(ARGV[1])
if least > 0 and least > left then
  redis.call('SET', KEYS[1], '1', 'PX', least)
  left = least
end
if left < 0 then left = 0 end
return left
`);

/** KEYS probe. ARGV life ms, channel, message. */
export const PROBE = script(`
redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1
`);
