-- Forget documents.
--
-- KEYS: the prefix. ARGV: for each document its number and its keys (as in find.lua).
-- Returns how many there were.
local prefix = KEYS[1]
local meta, buckets = prefix .. ':meta', prefix .. ':b:'
local each = 3 + tonumber(redis.call('HGET', meta, 'width'))
local removed = 0
for place = 1, #ARGV, 2 do
  local number, keys = ARGV[place], ARGV[place + 1]
  local there = redis.call('DEL', prefix .. ':d:' .. number)
  removed = removed + there
  if there == 1 then
    local packed = struct.pack('<I4', tonumber(number))
    for at = 1, #keys, each do
      local bucket = buckets .. string.sub(keys, at, at + 2)
      local field = string.sub(keys, at + 3, at + each - 1)
      local value = redis.call('HGET', bucket, field) or ''
      for low = 1, #value, 4 do
        if string.sub(value, low, low + 3) == packed then
          value = string.sub(value, 1, low - 1) .. string.sub(value, low + 4)
          if value == '' then
            redis.call('HDEL', bucket, field)
          else
            redis.call('HSET', bucket, field, value)
          end
          break
        end
      end
    end
  end
end
redis.call('HINCRBY', meta, 'epoch', 1)
redis.call('HINCRBY', meta, 'count', -removed)
return removed
