/**
 * Screen pops of one agent. All keys of a tenant share a hash tag, so one script may touch them all.
 *
 * KEYS of each: pops by expiry (sorted set, ms), their JSON (hash), what was told (hash: 1, or when somebody began to
 * tell), their parts of calls (hash: interaction id), and of one part: the version of the session in which it was over
 * without the agent (string), and in which his conversation ended, with the end of his after-call work (hash).
 */

const forget = `
local function forget(id)
  redis.call('ZREM', KEYS[1], id)
  for at = 2, 4 do redis.call('HDEL', KEYS[at], id) end
end
`;

/**
 * ARGV: id, JSON, expiry (ms), now (ms), version of the session (or empty), interaction id (or empty), how many an agent
 * may have, how long a teller is waited for (ms), lifetime of the keys (ms).
 * Gives `withdrawn`, `known`, or `tell` when the caller is to tell the browser, and when it expires: a conversation may have
 * ended before its beginning is heard of.
 */
export const offerScript = `${forget}
local id, expiry, now = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
if ARGV[6] ~= '' then
  local over = redis.call('GET', KEYS[5])
  if over and tonumber(over) >= tonumber(ARGV[5]) then return { 'withdrawn' } end
  local retired = redis.call('HMGET', KEYS[6], 'version', 'until')
  if retired[1] and tonumber(retired[1]) > tonumber(ARGV[5]) then expiry = math.min(expiry, tonumber(retired[2])) end
  if expiry <= now then return { 'withdrawn' } end
end
for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do forget(old) end
if redis.call('ZSCORE', KEYS[1], id) then
  local told = redis.call('HGET', KEYS[3], id)
  if told == '1' or (told and now - tonumber(told) < tonumber(ARGV[8])) then return { 'known' } end
else
  redis.call('ZADD', KEYS[1], expiry, id)
  redis.call('HSET', KEYS[2], id, ARGV[2])
  redis.call('HSET', KEYS[4], id, ARGV[6])
end
redis.call('HSET', KEYS[3], id, now)
while redis.call('ZCARD', KEYS[1]) > tonumber(ARGV[7]) do forget(redis.call('ZRANGE', KEYS[1], 0, 0)[1]) end
for at = 1, 4 do redis.call('PEXPIRE', KEYS[at], ARGV[9]) end
return { 'tell', tostring(expiry) }
`;

/** ARGV: id. The browser was told. */
export const toldScript = `
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then redis.call('HSET', KEYS[3], ARGV[1], 1) end
return 1
`;

/**
 * ARGV: interaction id, version of the session, how long that is remembered (ms). Gives the ids of the part's pops, which
 * stay until they are removed: whoever dies in between tells of them again.
 */
export const closeScript = `
local over = tonumber(redis.call('GET', KEYS[5]) or '-1')
redis.call('SET', KEYS[5], math.max(over, tonumber(ARGV[2])), 'PX', ARGV[3])
local found = {}
local parts = redis.call('HGETALL', KEYS[4])
for at = 1, #parts, 2 do
  if parts[at + 1] == ARGV[1] then found[#found + 1] = parts[at] end
end
return found
`;

/** ARGV: ids. */
export const removeScript = `${forget}
for _, id in ipairs(ARGV) do forget(id) end
return 1
`;

/** ARGV: interaction id, new expiry (ms), version of the session, how long that is remembered (ms). Only ever earlier. */
export const retireScript = `
local before = tonumber(redis.call('HGET', KEYS[6], 'version') or '-1')
if before < tonumber(ARGV[3]) then
  redis.call('HSET', KEYS[6], 'version', ARGV[3])
  redis.call('HSETNX', KEYS[6], 'until', ARGV[2])
  redis.call('PEXPIRE', KEYS[6], ARGV[4])
end
local parts = redis.call('HGETALL', KEYS[4])
for at = 1, #parts, 2 do
  if parts[at + 1] == ARGV[1] then redis.call('ZADD', KEYS[1], 'XX', 'LT', ARGV[2], parts[at]) end
end
return 1
`;
