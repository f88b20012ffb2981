-- Make an index where there is none, and set what can be changed; return what is known of it.
--
-- KEYS: the prefix. ARGV: whether it may be made, the least last number; then pairs of names and
-- values that a new index gets; '', and pairs that replace those of any index.
local meta = KEYS[1] .. ':meta'
local place = 3
local new = redis.call('EXISTS', meta) == 0
if new and ARGV[1] == '0' then return {} end
while ARGV[place] ~= '' do
  if new then redis.call('HSET', meta, ARGV[place], ARGV[place + 1]) end
  place = place + 2
end
for at = place + 1, #ARGV, 2 do redis.call('HSET', meta, ARGV[at], ARGV[at + 1]) end
-- A server that lost its latest documents gives none of their numbers again.
if ARGV[1] == '1' and tonumber(redis.call('HGET', meta, 'last')) < tonumber(ARGV[2]) then
  redis.call('HSET', meta, 'last', ARGV[2])
  redis.call('HINCRBY', meta, 'epoch', 1)
end
return redis.call('HGETALL', meta)
