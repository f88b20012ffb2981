-- Add documents that were judged, all or none: none where others have since changed what their
-- verdicts may depend on.
--
-- KEYS: the prefix. ARGV:
--   1 the last number, 2 the epoch, 3 how many keys were common when the documents were judged
--   4 numbers that the same client has added since, "low-high" with commas between
--   5 documents of a key that are seen, 6 documents of an id or address that are seen
--   then for each document: its row, its keys (as in find.lua), how many of them are those of its
--   id and addresses, the keys that it made common (5 bytes each)
-- Returns the number of the first, or {'stale'}, or {'full', limit}.
local prefix = KEYS[1]
local meta, common = prefix .. ':meta', prefix .. ':common'
local buckets, rows = prefix .. ':b:', prefix .. ':d:'
local seen, holders, versions = tonumber(ARGV[1]), 4 * tonumber(ARGV[5]), 4 * tonumber(ARGV[6])
local known = redis.call('HMGET', meta, 'last', 'first', 'epoch', 'width', 'bits', 'limit', 'full',
  'expire', 'count', 'sweep')
local last, first, width = tonumber(known[1]), tonumber(known[2]), tonumber(known[4])
local bits, limit, expire = tonumber(known[5]), tonumber(known[6]), tonumber(known[8])
local count, sweep = tonumber(known[9]), tonumber(known[10])
local each = 3 + width
local size = (#ARGV - 6) / 4

if known[3] ~= ARGV[2] or redis.call('LLEN', common) ~= tonumber(ARGV[3]) then
  return {'stale'}
end
local own = {}
for low, high in string.gmatch(ARGV[4], '(%d+)-(%d+)') do
  own[#own + 1] = {tonumber(low), tonumber(high)}
end
local function is_own(number)
  for _, range in ipairs(own) do
    if number >= range[1] and number <= range[2] then return true end
  end
  return false
end

local held = {}
for document = 1, size do
  local keys = ARGV[4 * document + 4]
  for at = 1, #keys, each do
    local key = string.sub(keys, at, at + each - 1)
    if held[key] == nil then
      local value = redis.call('HGET', buckets .. string.sub(key, 1, 3), string.sub(key, 4)) or ''
      for place = #value - 3, 1, -4 do
        local number = struct.unpack('<I4', value, place)
        if number <= seen then break end
        if not is_own(number) then return {'stale'} end
      end
      held[key] = value
    end
  end
end
if limit > 0 and known[7] == 'refuse' and count + size > limit then
  return {'full', limit}
end

if expire > 0 then
  local oldest = tonumber(redis.call('TIME')[1]) - expire
  for _ = 1, 4 * size do
    if first > last then break end
    local row = redis.call('GETRANGE', rows .. first, 0, 3)
    if row ~= '' then
      if struct.unpack('<I4', row) >= oldest then break end
      redis.call('DEL', rows .. first)
      count = count - 1
    end
    first = first + 1
  end
end
if limit > 0 then
  while count + size > limit and first <= last do
    count = count - redis.call('DEL', rows .. first)
    first = first + 1
  end
end

local function living(value)
  local place = 1
  while place < #value and struct.unpack('<I4', value, place) < first do place = place + 4 end
  return place == 1 and value or string.sub(value, place)
end

for document = 1, size do
  local number = last + document
  local keys, words = ARGV[4 * document + 4], tonumber(ARGV[4 * document + 5])
  local packed = struct.pack('<I4', number)
  for at = 1, #keys, each do
    local key = string.sub(keys, at, at + each - 1)
    local value = living(held[key])
    local most = holders
    if at <= words * each then
      most = versions
      if #value >= most then value = string.sub(value, #value - most + 5) end
    end
    if #value < most then
      held[key] = value .. packed
      redis.call('HSET', buckets .. string.sub(key, 1, 3), string.sub(key, 4), held[key])
    end
  end
  redis.call('SET', rows .. number, ARGV[4 * document + 3])
  local learned = ARGV[4 * document + 6]
  for at = 1, #learned, 5 do redis.call('RPUSH', common, string.sub(learned, at, at + 4)) end
end

-- Numbers of documents that left are taken out of a few buckets at a time: of all buckets while
-- half of the documents are replaced.
if first > 1 then
  for _ = 1, size * math.min(32, math.ceil(2 * 2 ^ bits / math.max(1, count))) do
    local bucket = buckets .. string.sub(struct.pack('>I4', sweep), 2)
    local fields = redis.call('HGETALL', bucket)
    for at = 1, #fields, 2 do
      local value = living(fields[at + 1])
      if value == '' then
        redis.call('HDEL', bucket, fields[at])
      elseif #value < #fields[at + 1] then
        redis.call('HSET', bucket, fields[at], value)
      end
    end
    sweep = (sweep + 1) % 2 ^ bits
  end
end
redis.call('HSET', meta, 'last', last + size, 'first', first, 'count', count + size,
  'sweep', sweep)
return last + 1
