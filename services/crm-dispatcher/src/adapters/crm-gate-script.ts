/**
 * Lets one request through to a CRM, or says how long to wait. All limits are looked at before any of them is used up.
 * Redis's own clock counts, so that those of the replicas need not agree.
 *
 * KEYS: state (hash), requests of the last stretch (sorted by time), places (sorted by when they end).
 * ARGV: rank (`caller`, `started`, `new`), id of the place, lease (ms), how long a caller may wait (ms), rate: max,
 * stretch (ms), reserve; quota: max, period (ms), reserve; places: max, reserve.
 * Returns: 1 or 0, wait (ms), why (`rate`, `quota`, `held`, `places`, or empty), used of the quota, for how long it is
 * held (ms).
 *
 * - `caller`: may use everything, and is given a turn in the future if it is near enough.
 * - `started`: work of which a request went out. It leaves the reserve to callers, and goes before new work: work that
 *   is begun by all and finished by nobody would use up the limit for nothing.
 * - `new`: is told a time of its own to come again, so that a thousand do not come at once.
 */
export const enterScript = `
local state, rate, places = KEYS[1], KEYS[2], KEYS[3]
local rank, id, lease, patience = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local rateMax, stretch, rateReserve = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local quotaMax, period, quotaReserve = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local placesMax, placesReserve = tonumber(ARGV[11]), tonumber(ARGV[12])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HMGET', state, 'held', 'period', 'used', 'begun', 'calling', 'next')
local held, begun, calling = tonumber(known[1]) or 0, tonumber(known[4]) or 0, tonumber(known[5]) or 0
local isCaller = rank == 'caller'
local index = math.floor(now / period)
local current = period .. ':' .. index
local used = known[2] == current and tonumber(known[3]) or 0
local function open(max, reserve) return isCaller and max or max - reserve end

local function refuse(wait, why, step)
  local ticket = now + wait
  if rank == 'new' then
    ticket = math.max(tonumber(known[6]) or 0, ticket)
    if ticket > now + wait + 600000 then ticket = now + wait end
    redis.call('HSET', state, 'next', ticket + step)
  end
  redis.call('PEXPIRE', state, 172800000)
  return {0, ticket - now, why, used, math.max(0, held - now)}
end

if held > now then return refuse(held - now, 'held', 25) end
if quotaMax > 0 and used >= open(quotaMax, quotaReserve) then
  return refuse((index + 1) * period - now, 'quota', 25)
end

local wait = 0
if rateMax > 0 then
  redis.call('ZREMRANGEBYSCORE', rate, '-inf', now - stretch)
  local count, limit = redis.call('ZCARD', rate), open(rateMax, rateReserve)
  local step = math.ceil(stretch / limit)
  if count >= limit then
    local leaves = redis.call('ZRANGE', rate, count - limit, count - limit, 'WITHSCORES')
    wait = math.max(1, math.ceil(leaves[2] + stretch - now) + 1)
    if rank == 'started' then redis.call('HSET', state, 'begun', now + wait + 100) end
    if not isCaller or wait > patience then return refuse(wait, 'rate', step) end
  elseif rank == 'new' and begun > now then
    return refuse(begun - now, 'rate', step)
  end
end

redis.call('ZREMRANGEBYSCORE', places, '-inf', now)
local taken = redis.call('ZCARD', places)
if taken >= open(placesMax, placesReserve) or (not isCaller and calling > now) then
  if isCaller then redis.call('HSET', state, 'calling', now + 300) end
  if rank == 'started' then redis.call('HSET', state, 'begun', now + 300) end
  return refuse(25, 'places', 10)
end
if rank == 'new' and begun > now then return refuse(begun - now, 'places', 10) end

if quotaMax > 0 then
  used = used + 1
  redis.call('HSET', state, 'period', current, 'used', used)
  redis.call('PEXPIRE', state, 172800000)
end
if rateMax > 0 then
  redis.call('ZADD', rate, now + wait, id)
  redis.call('PEXPIRE', rate, wait + stretch * 2)
end
redis.call('ZADD', places, now + wait + lease, id)
redis.call('PEXPIRE', places, math.max(wait + lease, 600000))
return {1, wait, '', used, 0}
`;

/**
 * Keeps everybody away for a time, by the same clock; the hold that ends later counts. KEYS: state. ARGV: for how long
 * (ms), why.
 */
export const holdScript = `
local time = redis.call('TIME')
local till = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[1])
local held = tonumber(redis.call('HGET', KEYS[1], 'held') or 0)
if held < till then redis.call('HSET', KEYS[1], 'held', till, 'heldFor', ARGV[2]) end
redis.call('PEXPIRE', KEYS[1], 172800000)
return 1
`;
