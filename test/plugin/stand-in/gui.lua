-- The GUI process: windows with tabs and panes, and the events they emit with WezTerm's rules of queueing.
local objects = require("objects")
local tasks = require("tasks")

local gui = { windows = {}, panes = {}, workspace = "default", handlers = {}, focused = nil }
-- Windows, tabs and panes are each counted from 0.
local lastIds = {}

local function nextId(kind)
  lastIds[kind] = (lastIds[kind] or -1) + 1
  return lastIds[kind]
end

--- Set by states.lua: how one handler list runs, and the key tables of the published configuration.
gui.emit, gui.keyTables = nil, nil

local function window_of(pane)
  return gui.windows[pane.window]
end

local paneMethods, tabMethods, muxWindowMethods, windowMethods = {}, {}, {}, {}

local function wrapPane(pane) return objects.new(paneMethods, { __pane = pane }) end
local function wrapTab(window, tab) return objects.new(tabMethods, { __window = window, __tab = tab }) end
local function wrapMuxWindow(window) return objects.new(muxWindowMethods, { __window = window }) end
function gui.wrapWindow(window) return objects.new(windowMethods, { __window = window }) end
gui.wrapPane = wrapPane
gui.wrapMuxWindow = wrapMuxWindow

local function living(pane)
  if not gui.panes[pane.id] then error(("pane id %d not found in mux"):format(pane.id), 0) end
  return pane
end

--- Opens a pane in a tab of its own, or beside another; `args`: a program that the driver really runs.
function gui.addPane(window, options)
  local pane = { id = options.id or nextId("pane"), window = window.id, vars = {}, domain = options.domain or "local", cwd = options.cwd, host = options.host or "" }
  -- One that came from outside, by `wezterm cli`, counts too.
  lastIds.pane = math.max(lastIds.pane or -1, pane.id)
  gui.panes[pane.id] = pane
  local tab = options.tab
  if not tab then
    tab = { id = nextId("tab"), panes = {} }
    window.tabs[#window.tabs + 1] = tab
    window.active = tab
  end
  tab.panes[#tab.panes + 1] = pane
  tab.active, pane.tab = pane, tab
  if options.args then
    for _, arg in ipairs(options.args) do objects.text(arg, "args") end
    tasks.outside({ event = "pane", pane = pane.id, args = options.args, cwd = options.cwd }, function() gui.closePane(pane.id) end)
  end
  return pane
end

function gui.addWindow(cwd)
  local window = { id = nextId("window"), tabs = {}, statuses = {}, states = {}, keyTables = {}, armed = true }
  gui.windows[window.id] = window
  gui.focused = gui.focused or window.id
  gui.addPane(window, { cwd = cwd })
  return window
end

function gui.closePane(id)
  local pane = gui.panes[id]
  if not pane then return end
  gui.panes[id] = nil
  local tab, window = pane.tab, window_of(pane)
  for index, each in ipairs(tab.panes) do if each == pane then table.remove(tab.panes, index) end end
  tab.active = tab.panes[#tab.panes]
  if tab.active then return end
  for index, each in ipairs(window.tabs) do if each == tab then table.remove(window.tabs, index) end end
  window.active = window.tabs[#window.tabs]
end

-- One running and one queued call an event and window.
function gui.emitWindowEvent(window, name, pane)
  if not window.active or not gui.windows[window.id] then return end
  local state = window.states[name]
  if state == "queued" then return end
  if state == "running" then
    window.states[name] = "queued"
    return
  end
  window.states[name] = "running"
  local active = pane or window.active.active
  gui.emit(name, function()
    local again = window.states[name] == "queued"
    window.states[name] = nil
    if again then gui.emitWindowEvent(window, name, active) end
  end, gui.wrapWindow(window), wrapPane(active))
end

function gui.perform(window, action, pane)
  if action == "Nop" then return end
  if action.EmitEvent then return gui.emitWindowEvent(window, action.EmitEvent, pane) end
  if action.ActivateKeyTable then
    local name = action.ActivateKeyTable.name
    if not gui.keyTables()[name] then error("ActivateKeyTable: no key_table named " .. name, 0) end
    table.insert(window.keyTables, action.ActivateKeyTable)
    return
  end
  for _, kind in ipairs({ "PromptInputLine", "InputSelector" }) do
    if action[kind] then
      -- A prompt that follows a form names that form's own pane, which is no longer there when it is answered (read in the source).
      local own = kind == "PromptInputLine" and window.closing and { id = 100000, window = window.id } or window.active.active
      window.overlay = { kind = kind, args = action[kind], pane = own }
      tasks.send({ event = "overlay", window = window.id, kind = kind, args = action[kind] })
    end
  end
end

--- Ends the overlay: its event is emitted directly, never queued.
function gui.endOverlay(window, ...)
  local overlay = window.overlay
  if not overlay then error("no form is shown") end
  window.overlay, window.closing = nil, true
  gui.emit(overlay.args.action.EmitEvent, function() end, gui.wrapWindow(window), wrapPane(overlay.pane), ...)
end

local function setStatus(side)
  return function(self, text)
    local window = self.__window
    objects.text(text, "status")
    window.armed = true
    if window.statuses[side] == text then return end
    window.statuses[side] = text
    tasks.send({ event = "status", window = window.id, side = side, text = text })
  end
end

local function soonWith(compute)
  return tasks.async(function(finish, ...)
    local arguments = table.pack(...)
    tasks.soon(function() finish(pcall(compute, table.unpack(arguments, 1, arguments.n))) end)
  end)
end

windowMethods.window_id = function(self) return self.__window.id end
windowMethods.mux_window = function(self) return wrapMuxWindow(self.__window) end
windowMethods.active_tab = function(self) return self.__window.active and wrapTab(self.__window, self.__window.active) end
windowMethods.set_right_status = setStatus("right")
windowMethods.set_left_status = setStatus("left")
windowMethods.toast_notification = function(_, title, message, url, timeout)
  if timeout ~= nil then objects.whole(timeout, "timeout") end
  tasks.send({ event = "toast", title = objects.text(title, "title"), message = objects.text(message, "message"), url = url })
end
windowMethods.is_focused = soonWith(function(self) return gui.focused == self.__window.id end)
windowMethods.focus = function(self) gui.focused = self.__window.id end
windowMethods.perform_action = soonWith(function(self, action, pane)
  if not gui.windows[self.__window.id] then error("the window is gone", 0) end
  if not gui.panes[pane.__pane.id] then error(("pane id %d is not valid"):format(pane.__pane.id), 0) end
  gui.perform(self.__window, action, pane.__pane)
end)

muxWindowMethods.window_id = function(self) return self.__window.id end
muxWindowMethods.get_workspace = function() return gui.workspace end
muxWindowMethods.active_tab = function(self) return self.__window.active and wrapTab(self.__window, self.__window.active) end
muxWindowMethods.active_pane = function(self)
  local tab = self.__window.active
  return tab and wrapPane(tab.active)
end
muxWindowMethods.tabs = function(self)
  local tabs = {}
  for index, tab in ipairs(self.__window.tabs) do tabs[index] = wrapTab(self.__window, tab) end
  return tabs
end
muxWindowMethods.spawn_tab = soonWith(function(self, options)
  local pane = gui.addPane(self.__window, { args = options.args, cwd = options.cwd, domain = options.domain.DomainName })
  return wrapTab(self.__window, pane.tab), wrapPane(pane), wrapMuxWindow(self.__window)
end)

tabMethods.tab_id = function(self) return self.__tab.id end
tabMethods.get_size = function() return { cols = 80, rows = 24, pixel_width = 640, pixel_height = 384, dpi = 96 } end
tabMethods.set_title = function(self, title)
  tasks.send({ event = "title", tab = self.__tab.id, title = objects.text(title, "title") })
end
tabMethods.active_pane = function(self) return wrapPane(self.__tab.active) end
tabMethods.panes = function(self)
  local panes = {}
  for index, pane in ipairs(self.__tab.panes) do panes[index] = wrapPane(pane) end
  return panes
end

paneMethods.pane_id = function(self) return self.__pane.id end
paneMethods.get_title = function(self) return living(self.__pane) and "sh" end
paneMethods.get_domain_name = function(self) return living(self.__pane).domain end
paneMethods.get_user_vars = function(self) return living(self.__pane).vars end
paneMethods.get_current_working_dir = function(self)
  local pane = living(self.__pane)
  return pane.cwd and objects.new({}, { host = pane.host, file_path = pane.cwd, scheme = "file" })
end
paneMethods.window = function(self) return wrapMuxWindow(window_of(living(self.__pane))) end
paneMethods.tab = function(self) return wrapTab(window_of(self.__pane), self.__pane.tab) end
paneMethods.activate = function(self)
  local pane = living(self.__pane)
  window_of(pane).active, pane.tab.active = pane.tab, pane
end
paneMethods.split = soonWith(function(self, options)
  if not ({ Left = 1, Right = 1, Top = 1, Bottom = 1 })[options.direction] then error("bad direction", 0) end
  local pane = living(self.__pane)
  return wrapPane(gui.addPane(window_of(pane), { tab = pane.tab, args = options.args, cwd = options.cwd, domain = options.domain.DomainName }))
end)

return gui
