-- The language server in any Neovim from 0.7 on, and what the protocol has no word for.
local M = {}

--- What this client can do that Neovim does not say: it opens the server's pages.
M.options = { pages = true }

--- Where a file's program lies: the nearest folder above with `infra.lock`, else the one of the repository, else its own.
function M.root(path)
  local folder = vim.fn.fnamemodify(path, ':p:h')
  for _, marker in ipairs({ 'infra.lock', '.git' }) do
    local found = vim.fn.finddir(marker, folder .. ';')
    if found == '' then
      found = vim.fn.findfile(marker, folder .. ';')
    end
    if found ~= '' then
      return vim.fn.fnamemodify(found, ':p'):gsub('/+$', ''):match('^(.*)/[^/]*$')
    end
  end
  return folder
end

local clients = {}

--- Starts the server for the program of a buffer, once for each program. Neovim 0.11 does this by `vim.lsp.enable`.
function M.start(buffer)
  if vim.bo[buffer].buftype ~= '' or vim.fn.executable(M.command()) == 0 then
    return nil
  end
  local root = M.root(vim.api.nvim_buf_get_name(buffer))
  local id = clients[root]
  if not (id and vim.lsp.get_client_by_id(id)) then
    id = vim.lsp.start_client({
      name = 'infrac',
      cmd = { M.command(), 'lsp' },
      root_dir = root,
      init_options = M.options,
    })
    clients[root] = id
  end
  if id then
    vim.lsp.buf_attach_client(buffer, id)
  end
  return id
end

--- The compiler: `infrac` of the PATH, or what `vim.g.infrac_path` says.
function M.command()
  return vim.g.infrac_path or 'infrac'
end

--- The server of a buffer; of any, for a buffer that is not of a file.
function M.client(buffer)
  local of_buffer, any
  local all = vim.lsp.get_clients and vim.lsp.get_clients() or vim.lsp.get_active_clients()
  for _, client in ipairs(all) do
    if client.name == 'infrac' then
      any = client
      if vim.lsp.buf_is_attached(buffer, client.id) then
        of_buffer = client
      end
    end
  end
  return of_buffer or any
end

local function ask(method, parameters, buffer)
  local client = M.client(buffer)
  if not client then
    return nil, 'the language server does not run'
  end
  local answer, problem
  if vim.fn.has('nvim-0.11') == 1 then
    answer, problem = client:request_sync(method, parameters, 10000, buffer)
  else
    answer, problem = client.request_sync(method, parameters, 10000, buffer)
  end
  if not answer then
    return nil, problem
  end
  if answer.err then
    return nil, answer.err.message
  end
  return answer.result ~= vim.NIL and answer.result or nil
end

--- A file of the standard library, a page about a mistake or an emitted file, in a buffer that cannot be written.
function M.read(buffer, uri)
  local answer, problem = ask('infrac/text', { uri = uri }, buffer)
  local text = answer and answer.text or (problem or 'there is no such text')
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(text, '\n'))
  vim.bo[buffer].buftype = 'nofile'
  vim.bo[buffer].modifiable = false
  local types = { infra = 'infra', json = 'json', md = 'markdown', yaml = 'yaml' }
  vim.bo[buffer].filetype = types[uri:match('%.(%w+)$')] or 'text'
end

--- The answer of one of the server's commands about the cursor's place; none, and why, when there is nothing to show.
local function command(name)
  local place = vim.lsp.util.make_position_params(0, M.client(0) and M.client(0).offset_encoding or 'utf-16')
  local argument = { uri = place.textDocument.uri, position = place.position, environment = vim.g.infrac_environment }
  local answer, problem = ask('workspace/executeCommand', { command = name, arguments = { argument } }, 0)
  if not answer then
    vim.notify(problem or 'nothing to show here', vim.log.levels.WARN)
  end
  return answer
end

--- Opens an emitted file at the line that the value under the cursor reaches; where there are several, one is chosen.
function M.artefact()
  local answer = command('infrac.artefact')
  local function open(line)
    if line then
      vim.cmd('split ' .. vim.fn.fnameescape(line.uri))
      vim.api.nvim_win_set_cursor(0, { line.line + 1, 0 })
    end
  end
  if answer and #answer.lines == 1 then
    open(answer.lines[1])
  elseif answer then
    vim.ui.select(answer.lines, {
      prompt = 'Emitted lines',
      format_item = function(line)
        return ('%s:%d %s'):format(line.path, line.line + 1, line.address)
      end,
    }, open)
  end
end

--- Shows what reaches the endpoint under the cursor, and what it reaches.
function M.reach()
  local answer = command('infrac.reach')
  if answer then
    vim.cmd('new')
    vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(answer.text, '\n'))
    vim.bo.buftype = 'nofile'
    vim.bo.bufhidden = 'wipe'
    vim.bo.modifiable = false
  end
end

return M
