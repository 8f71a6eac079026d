/**
 * Writes one change of a delivery: its hash, and the indexes by time, destination, call and state. All keys of a tenant
 * share a hash tag, so the names of the state indexes may be built here.
 *
 * KEYS: hash, index of all, of the destination, of the call; prefix of the state indexes.
 * ARGV: work id, facts (JSON), created (ms), state, updated (ms), next attempt (RFC 3339 or empty), attempt (JSON or
 * empty), retention (ms), whether to trim (1 or 0).
 */
export const noteDelivery = `
local hash, all, destination, call, states = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, facts, created, state, updated = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local nextAttempt, attempt, retention = ARGV[6], ARGV[7], tonumber(ARGV[8])
if redis.call('HSETNX', hash, 'facts', facts) == 1 then
  for _, index in ipairs({all, destination, call}) do redis.call('ZADD', index, 'NX', created, id) end
  redis.call('PEXPIRE', call, retention)
end
local before = redis.call('HGET', hash, 'state')
redis.call('HSET', hash, 'state', state, 'updated', updated, 'next', nextAttempt)
if before ~= state then
  if before and before ~= 'succeeded' then redis.call('ZREM', states .. before, id) end
  if state ~= 'succeeded' then redis.call('ZADD', states .. state, updated, id) end
end
if attempt ~= '' then
  local count = redis.call('HINCRBY', hash, 'count', 1)
  redis.call('HSET', hash, 'a' .. count, attempt)
  if count > 50 then redis.call('HDEL', hash, 'a' .. (count - 50)) end
end
redis.call('PEXPIRE', hash, retention)
if ARGV[9] == '1' then
  local oldest = tonumber(updated) - retention
  for _, index in ipairs({all, destination, states .. 'queued', states .. 'retrying', states .. 'dead', states .. 'discarded'}) do
    redis.call('ZREMRANGEBYSCORE', index, '-inf', oldest)
  end
end
return 1
`;
