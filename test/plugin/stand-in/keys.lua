-- Key bindings as WezTerm resolves them: the newest key table of the stack first, then the keys of the configuration.
local gui = require("gui")

local keys = {}

local function normal(key, mods)
  local words = {}
  key = key:gsub("^mapped:", "")
  for word in (mods or "NONE"):upper():gmatch("[%w_]+") do if word ~= "NONE" then words[word] = true end end
  if words.SHIFT and key:find("^%l$") then key = key:upper() end
  if key:find("^%u$") then words.SHIFT = nil end
  local list = {}
  for word in pairs(words) do list[#list + 1] = word end
  table.sort(list)
  return key .. " " .. table.concat(list, "|")
end

local function find(bindings, wanted)
  local found
  -- Later ones win.
  for _, binding in ipairs(bindings or {}) do if normal(binding.key, binding.mods) == wanted then found = binding.action end end
  return found
end

--- "done", or "passed" when the pane gets the key.
function keys.press(window, config, key, mods)
  window.closing = false
  local wanted = normal(key, mods)
  -- The leader comes before every binding.
  if config.leader and normal(config.leader.key, config.leader.mods) == wanted then return "leader" end
  local table_ = window.keyTables[#window.keyTables]
  local action = table_ and find((config.key_tables or {})[table_.name], wanted) or find(config.keys, wanted)
  if table_ and table_.one_shot then table.remove(window.keyTables) end
  if not action then return "passed" end
  gui.perform(window, action, window.active.active)
  return "done"
end

return keys
