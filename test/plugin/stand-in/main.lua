-- A stand-in for wezterm-gui: reads commands and sends events, one JSON object a line. Its driver is wezterm.ts.
package.path = arg[1] .. "/?.lua"
local gui = require("gui")
local json = require("json")
local keys = require("keys")
local states = require("states")
local tasks = require("tasks")

io.stdout:setvbuf("no")

function tasks.send(message)
  io.stdout:write(json.encode(message), "\n")
end

local operations = {}

-- The driver's answer to a child, a timer or a pane.
function operations.done(message)
  tasks.done(message.job, message.ok, table.unpack(message.results or {}, 1, 3))
end

function operations.start(message)
  for name, value in pairs(message.settings) do states[name] = value end
  states.source = message.source
  -- WezTerm evaluates the configuration twice before its first window.
  states.evaluate(message.source)
  states.publish(states.evaluate(message.source))
  for _ = 1, message.windows do gui.addWindow(message.cwd) end
  for _, name in ipairs({ "gui-startup", "gui-attached" }) do gui.emit(name, function() end) end
  for _, window in pairs(gui.windows) do
    gui.emitWindowEvent(window, "window-config-reloaded")
    gui.emitWindowEvent(window, "update-status")
  end
end

function operations.reload(message)
  states.source = message.source or states.source
  states.publish(states.evaluate(states.source))
  for _, window in pairs(gui.windows) do
    -- Each window evaluates it once more, for its overrides; that state gets no events.
    states.evaluate(states.source)
    window.keyTables, window.armed = {}, true
    gui.emitWindowEvent(window, "window-config-reloaded")
    gui.emitWindowEvent(window, "update-status")
  end
end

-- The timer of the status; it runs on only after a status was set.
function operations.tick(message)
  local ticks = 0
  for _ = 1, message.count or 1 do
    for _, window in pairs(gui.windows) do
      if window.armed then
        window.armed = false
        gui.emitWindowEvent(window, "update-right-status")
        gui.emitWindowEvent(window, "update-status")
        ticks = ticks + 1
      end
    end
    states.timeOffset = states.timeOffset + (message.seconds or 0)
    tasks.runSoon()
  end
  return ticks
end

function operations.press(message)
  local window = gui.windows[message.window]
  return keys.press(window, states.published.config, message.key, message.mods)
end

function operations.perform(message)
  local window = gui.windows[message.window]
  gui.perform(window, message.action, window.active.active)
end

function operations.palette(message)
  local window = gui.windows[message.window]
  local entries = states.emitSync("augment-command-palette", gui.wrapWindow(window), gui.wrapPane(window.active.active))
  return entries or {}
end

function operations.line(message)
  gui.endOverlay(gui.windows[message.window], message.text)
end

function operations.choose(message)
  gui.endOverlay(gui.windows[message.window], message.choice, message.choice and "label")
end

function operations.emit(message)
  local window = gui.windows[message.window]
  gui.emitWindowEvent(window, message.name)
end

function operations.window(message)
  return gui.addWindow(message.cwd).id
end

function operations.closeWindow(message)
  gui.windows[message.window] = nil
end

-- A pane that something else than the plugin opened; its tab is shown.
function operations.addPane(message)
  gui.addPane(gui.windows[message.window], { id = message.pane, cwd = message.cwd })
end

function operations.closePane(message)
  gui.closePane(message.pane)
end

function operations.activate(message)
  gui.wrapPane(gui.panes[message.pane]):activate()
end

function operations.focus(message)
  gui.focused = message.window
end

function operations.setPane(message)
  for name, value in pairs(message.fields) do gui.panes[message.pane][name] = value end
end

function operations.look()
  local windows = {}
  for id, window in pairs(gui.windows) do
    windows[#windows + 1] = {
      id = id,
      right = window.statuses.right,
      left = window.statuses.left,
      pane = window.active and window.active.active.id,
      cwd = window.active and window.active.active.cwd,
      keyTable = window.keyTables[#window.keyTables] and window.keyTables[#window.keyTables].name,
    }
  end
  return { windows = windows, callbacks = states.published.callbacks, focused = gui.focused }
end

function operations.keys()
  return states.published.config.keys or {}
end

function operations.config(message)
  return rawget(states.published.config, message.field)
end

function operations.memory()
  collectgarbage("collect")
  collectgarbage("collect")
  return collectgarbage("count") * 1024
end

function operations.advance(message)
  states.timeOffset = states.timeOffset + message.seconds
end

-- The processor time of this process in seconds.
function operations.clock()
  return os.clock()
end

local function handle(line)
  local message = json.parse(line)
  local ok, result = pcall(operations[message.op], message)
  if message.id then tasks.send({ event = "reply", id = message.id, ok = ok, value = ok and result or nil, error = not ok and tostring(result) or nil }) end
end

local deferred = {}

-- While the configuration is evaluated nothing else happens: only answers are taken.
function states.readMessage()
  local line = io.read("l")
  if not line then os.exit(0) end
  if line:find('"op":"done"', 1, true) then handle(line) else deferred[#deferred + 1] = line end
end

while true do
  local line = table.remove(deferred, 1) or io.read("l")
  if not line then break end
  handle(line)
  tasks.runSoon()
end
