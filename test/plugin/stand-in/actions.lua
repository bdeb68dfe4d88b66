-- `wezterm.action`: constructors that refuse what WezTerm refuses.
local objects = require("objects")

local text, whole = objects.text, objects.whole

local function flag(value, what)
  if type(value) ~= "boolean" then error(what .. ": a boolean was expected", 0) end
end

local function emitEvent(value, what)
  if type(value) ~= "table" or type(value.EmitEvent) ~= "string" then
    error(what .. " requires action to be defined by wezterm.action_callback", 0)
  end
end

local function choices(value, what)
  if type(value) ~= "table" or value[1] == nil then error(what .. ": an array was expected", 0) end
  for _, choice in ipairs(value) do 
    objects.fields(choice, { id = text, label = text }, what)
    if choice.label == nil then error(what .. ": missing field `label`", 0) end
  end
end

local checks = {
  EmitEvent = function(value) text(value, "EmitEvent") end,
  ActivateKeyTable = function(value)
    objects.fields(value, {
      name = text,
      one_shot = flag,
      timeout_milliseconds = whole,
      replace_current = flag,
      until_unknown = flag,
      prevent_fallback = flag,
    }, "ActivateKeyTable")
  end,
  PromptInputLine = function(value)
    objects.fields(value, { description = text, action = emitEvent, initial_value = text, prompt = text }, "PromptInputLine")
  end,
  InputSelector = function(value)
    objects.fields(value, {
      title = text,
      choices = choices,
      fuzzy = flag,
      alphabet = text,
      description = text,
      fuzzy_description = text,
      action = emitEvent,
    }, "InputSelector")
  end,
}

return setmetatable({}, {
  __index = function(_, name)
    if name == "Nop" then return name end
    local check = checks[name]
    if not check then error("`" .. tostring(name) .. "` is not a valid KeyAssignment variant", 0) end
    return function(value)
      check(value)
      return { [name] = value }
    end
  end,
})
