/**
 * Rows and number index are changed together, by scripts: nobody sees a contact without its numbers or a number without
 * its contact, and a killed process leaves none. They reach keys that are not declared: their buckets follow from the row
 * that is stored. That is allowed on a cluster too, since the tenant's hash tag keeps all of them in one slot.
 *
 * A number's value in its bucket is the ids of its contacts, one behind the other; from the fifth on, which would end the
 * compact encoding of the bucket (64 bytes), it is `*` and the ids are in a sorted set.
 */
const indexFunctions = `
local idLength, inline = 16, 64
local function bucketOf(numbers, entry)
  local digits = string.gsub(entry, '%.', '')
  return numbers .. string.sub('0000' .. digits, -5)
end
local function addEntry(numbers, shared, entry, id)
  local bucket = bucketOf(numbers, entry)
  local ids = redis.call('HGET', bucket, entry)
  if ids == '*' then return redis.call('ZADD', shared .. entry, 0, id) end
  if not ids then return redis.call('HSET', bucket, entry, id) end
  for at = 1, #ids, idLength do if string.sub(ids, at, at + idLength - 1) == id then return end end
  if #ids < inline then return redis.call('HSET', bucket, entry, ids .. id) end
  for at = 1, #ids, idLength do redis.call('ZADD', shared .. entry, 0, string.sub(ids, at, at + idLength - 1)) end
  redis.call('ZADD', shared .. entry, 0, id)
  redis.call('HSET', bucket, entry, '*')
end
local function removeEntry(numbers, shared, entry, id)
  local bucket = bucketOf(numbers, entry)
  local ids = redis.call('HGET', bucket, entry)
  if ids == '*' then
    redis.call('ZREM', shared .. entry, id)
    if redis.call('EXISTS', shared .. entry) == 0 then redis.call('HDEL', bucket, entry) end
  elseif ids then
    local rest = {}
    for at = 1, #ids, idLength do
      local each = string.sub(ids, at, at + idLength - 1)
      if each ~= id then rest[#rest + 1] = each end
    end
    if #rest == 0 then redis.call('HDEL', bucket, entry)
    else redis.call('HSET', bucket, entry, table.concat(rest)) end
  end
end
local function headerOf(row)
  local entries, external = string.match(row, '^([^\\n]*)\\n([^\\n]*)\\n')
  return entries, external
end
`;

/**
 * KEYS rows, external, schemas, numbers, shared; ARGV mode, schema, columns, then id, external id, entries, row of each
 * contact. Modes: `add` keeps what is there; `upsert` changes it where it has an external id; `replace` changes what must
 * be there. Returns what became of each contact, and its id: `added`, `changed`, `same`, `kept` (is there, other values),
 * `missing`, `fixed` (its external id is another), `taken` (another contact has the external id).
 */
export const writeScript = `${indexFunctions}
local rows, external, schemas, numbers, shared = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local mode = ARGV[1]
redis.call('HSETNX', schemas, ARGV[2], ARGV[3])
local function store(id, old, entries, row)
  local wanted = {}
  for entry in string.gmatch(entries, '%S+') do wanted[entry] = true end
  if old then
    for entry in string.gmatch(headerOf(old), '%S+') do
      if wanted[entry] then wanted[entry] = nil else removeEntry(numbers, shared, entry, id) end
    end
  end
  redis.call('HSET', rows, id, row)
  for entry in string.gmatch(entries, '%S+') do
    if wanted[entry] then addEntry(numbers, shared, entry, id) end
  end
end
local function put(id, externalId, entries, row)
  local known = externalId ~= '' and redis.call('HGET', external, externalId)
  if known then id = known end
  local old = redis.call('HGET', rows, id)
  if old == row then return 'same', id end
  if old and (mode == 'add' or externalId == '') then return 'kept', id end
  store(id, old, entries, row)
  return old and 'changed' or 'added', id
end
local function replace(id, externalId, entries, row, derived)
  local old = redis.call('HGET', rows, id)
  if not old then return 'missing', id end
  if old == row then return 'same', id end
  local _, had = headerOf(old)
  if had ~= '' and had ~= externalId then return 'fixed', id end
  if externalId ~= '' and had == '' then
    if redis.call('HEXISTS', external, externalId) == 1 then return 'taken', id end
    if redis.call('HEXISTS', rows, derived) == 1 then return 'taken', id end
    redis.call('HSET', external, externalId, id)
  end
  store(id, old, entries, row)
  return 'changed', id
end
local outcomes = {}
if mode == 'replace' then
  outcomes[1], outcomes[2] = replace(ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8])
else
  for at = 4, #ARGV, 4 do
    local outcome, id = put(ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3])
    outcomes[#outcomes + 1] = outcome
    outcomes[#outcomes + 1] = id
  end
end
return outcomes`;

/** KEYS rows, external, numbers, shared; ARGV id. Returns 1 when it was there. */
export const removeScript = `${indexFunctions}
local old = redis.call('HGET', KEYS[1], ARGV[1])
if not old then return 0 end
local entries, externalId = headerOf(old)
for entry in string.gmatch(entries, '%S+') do removeEntry(KEYS[3], KEYS[4], entry, ARGV[1]) end
if externalId ~= '' and redis.call('HGET', KEYS[2], externalId) == ARGV[1] then
  redis.call('HDEL', KEYS[2], externalId)
end
redis.call('HDEL', KEYS[1], ARGV[1])
return 1`;

/**
 * KEYS rows, numbers, shared; ARGV country code, national, last digits, most contacts. Returns the way that matched (or
 * empty), 1 when there are more, then id and row of each contact. At most 20,000 index entries are looked at, so that no
 * database, however strange its numbers, holds Redis up.
 */
export const findScript = `${indexFunctions}
local rows, numbers, shared = KEYS[1], KEYS[2], KEYS[3]
local cc, national, last, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local digits = cc .. national
local found, seen, more, budget = {}, {}, 0, 20000
local function keep(id)
  if seen[id] then return end
  if #found >= most then more = 1 return end
  seen[id] = true
  found[#found + 1] = id
end
local function take(entry, ids)
  if ids ~= '*' then
    for at = 1, #ids, idLength do keep(string.sub(ids, at, at + idLength - 1)) end
  else
    for _, id in ipairs(redis.call('ZRANGE', shared .. entry, 0, most)) do keep(id) end
  end
end
local function each(bucket, visit)
  local cursor = '0'
  repeat
    local page = redis.call('HSCAN', bucket, cursor, 'COUNT', 1000)
    cursor = page[1]
    for at = 1, #page[2], 2 do visit(page[2][at], page[2][at + 1]) end
    budget = budget - #page[2] / 2
    if budget < 0 then more = 1 return end
  until cursor == '0'
end
local function answer(match)
  local reply = {match, more}
  if #found == 0 then return reply end
  table.sort(found)
  local texts = redis.call('HMGET', rows, unpack(found))
  for at, id in ipairs(found) do
    if texts[at] then
      reply[#reply + 1] = id
      reply[#reply + 1] = texts[at]
    end
  end
  return reply
end
local bucket = bucketOf(numbers, digits)
if cc ~= '' then
  local entry = cc .. '.' .. national
  local ids = redis.call('HGET', bucket, entry)
  if ids then take(entry, ids) return answer('e164') end
end
each(bucket, function(entry, ids)
  if string.match(entry, '%.(%d+)$') == national then take(entry, ids) end
end)
if #found > 0 then return answer('national') end
if last == 0 or #digits < last then return answer('') end
local ending = string.sub(digits, -last)
local function takeEnding(entry, ids)
  local known = string.gsub(entry, '%.', '')
  if string.sub(known, -last) == ending and #known >= last then take(entry, ids) end
end
if last >= 5 then each(bucket, takeEnding)
else
  local open = 5 - last
  for at = 0, 10 ^ open - 1 do
    if more == 1 then break end
    each(numbers .. string.format('%0' .. open .. 'd', at) .. ending, takeEnding)
    budget = budget - 1
  end
end
return answer(#found > 0 and 'last-digits' or '')`;
