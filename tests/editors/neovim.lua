-- Run by neovim.sh in a Neovim that has opened main.infra: each step says `ok: …` or `failed: …`; the exit code is 1 when one failed.

local buffer = vim.api.nvim_get_current_buf()
local failed = 0

local function say(text)
  io.stdout:write(text, '\n')
end

local written = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)

--- Each step begins with the text as it was written, whatever the one before left.
local function step(name, run)
  if not vim.deep_equal(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), written) then
    vim.api.nvim_buf_set_lines(buffer, 0, -1, false, written)
  end
  local fine, problem = pcall(run)
  if fine then
    say('ok: ' .. name)
  else
    failed = failed + 1
    say('failed: ' .. name .. ': ' .. tostring(problem))
  end
end

--- Waits until something holds. The limit is generous: a machine may be busy.
local function wait(what, holds)
  if not vim.wait(60000, holds, 20) then
    error(what .. ' does not come', 0)
  end
end

local function lines()
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n') .. '\n'
end

--- The line (from 0) and column of the first place where a text stands, in bytes, moved by `offset`.
local function place(text, offset)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    local at = line:find(text, 1, true)
    if at then
      return { line = number - 1, character = at - 1 + (offset or 0) }
    end
  end
  error('`' .. text .. '` stands nowhere', 0)
end

--- Writes one text for another, as a user does.
local function write(old, new)
  local at = place(old)
  vim.api.nvim_buf_set_text(buffer, at.line, at.character, at.line, at.character + #old, vim.split(new, '\n'))
end

local function has(value, text)
  assert(vim.inspect(value):find(text, 1, true), '`' .. text .. '` is not in ' .. vim.inspect(value))
end

--- What a word is drawn as, by syntax/infra.vim.
local function by_syntax(text)
  local at = place(text)
  return vim.fn.synIDattr(vim.fn.synID(at.line + 1, at.character + 1, true), 'name')
end

--- What a word is drawn as, by the parser and its queries.
local function by_tree(text)
  local at = place(text)
  -- Without a screen nothing asks for it.
  vim.treesitter.get_parser(buffer, 'infra'):parse(true)
  local found = vim.treesitter.get_captures_at_pos(buffer, at.line, at.character)
  return found[#found] and found[#found].capture or ''
end

local function drawn(by, expected)
  for text, class in pairs(expected) do
    assert(by(text) == class, '`' .. text .. '` is `' .. by(text) .. '`')
  end
end

step('the file type', function()
  assert(vim.bo[buffer].filetype == 'infra', vim.bo[buffer].filetype)
end)
step('comments and indentation', function()
  assert(vim.bo[buffer].commentstring == '// %s' and vim.bo[buffer].shiftwidth == 2)
end)

-- Neovim has what this takes from 0.9 on.
if vim.env.PARSER == 'yes' and vim.treesitter.get_captures_at_pos then
  step('colours by the parser and its queries', function()
    drawn(by_tree, {
      ['environment prod'] = 'keyword',
      ['keep = 30d'] = 'property',
      ['30d'] = 'number',
      ['bucket pictures'] = 'type',
      ['pictures {'] = 'variable',
      ['aws('] = 'function',
      ['"eu-west-3"'] = 'string',
    })
    assert(vim.treesitter.query.get('infra', 'locals') and vim.treesitter.query.get('infra', 'indents'))
  end)
  step('folds by the parser', function()
    vim.wo.foldmethod = 'expr'
    local line = place('container api').line + 1
    wait('the fold', function()
      vim.cmd('normal! zx')
      return vim.fn.foldlevel(line + 1) > 0
    end)
    vim.wo.foldmethod = 'manual'
    vim.cmd('normal! zE')
  end)
else
  step('colours of words', function()
    drawn(by_syntax, { ['environment prod'] = 'infraKeyword', ['keep = 30d'] = 'infraField', ['firewall'] = '' })
  end)
  step('colours of texts, numbers and comments', function()
    drawn(by_syntax, {
      ['"eu-west-3"'] = 'infraText',
      ['30d'] = 'infraNumber',
      ['/// Where'] = 'infraDocumentation',
    })
  end)
end

if vim.env.SERVER == 'no' then
  vim.cmd(failed == 0 and 'qall!' or 'cquit 1')
  return
end

local client
local function uri()
  return vim.uri_from_bufnr(buffer)
end

--- What the server answers; an error is one.
local function ask(method, parameters)
  parameters.textDocument = parameters.textDocument or { uri = uri() }
  local answer, problem
  if vim.fn.has('nvim-0.11') == 1 then
    answer, problem = client:request_sync(method, parameters, 60000, buffer)
  else
    answer, problem = client.request_sync(method, parameters, 60000, buffer)
  end
  assert(answer, method .. ': ' .. tostring(problem))
  assert(not answer.err, method .. ': ' .. vim.inspect(answer.err))
  assert(answer.result and answer.result ~= vim.NIL, method .. ' answers nothing')
  return answer.result
end

--- The text of a page that the server has, which cannot be written.
local function read(page)
  vim.cmd('split ' .. vim.fn.fnameescape(page))
  local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  local modifiable = vim.bo.modifiable
  vim.cmd('bwipeout!')
  assert(not modifiable, 'it can be written')
  return text
end

local function told()
  return vim.diagnostic.get(buffer)
end

step('the server starts by itself', function()
  wait('the server', function()
    client = require('infrac').client(buffer)
    return client ~= nil and client.initialized ~= false and client.server_capabilities ~= nil
  end)
end)
if not client then
  vim.cmd('cquit 1')
end

step('a mistake is told while it is typed', function()
  write('keep = 30d', 'keep = 30')
  wait('a message', function()
    return #told() > 0
  end)
  local mistake = told()[1]
  assert(mistake.lnum == place('keep = 30').line, vim.inspect(mistake))
  assert(mistake.source ~= nil and mistake.message ~= '', vim.inspect(mistake))
  has(mistake, 'type_mismatch')
end)
step('it goes when it is mended', function()
  wait('the end of the message', function()
    return #told() == 0
  end)
end)
step('hover', function()
  has(ask('textDocument/hover', { position = place('bucket pictures', 2) }), 'bucket')
end)
step('completion of a field', function()
  write('bucket pictures {', 'bucket pictures {\n  kee')
  local at = place('  kee', 5)
  local answer = ask('textDocument/completion', { position = at, context = { triggerKind = 1 } })
  has(
    vim.tbl_map(function(item)
      return item.label
    end, answer.items or answer),
    'keep_versions'
  )
end)
step('definition, into the library', function()
  local answer = ask('textDocument/definition', { position = place('bucket pictures', 2) })
  has(answer, 'infrac-std:')
  local goal = answer[1] or answer
  local library = goal.targetUri or goal.uri
  has(read(library), 'kind bucket')
end)
step('a page about a mistake', function()
  has(read('infrac-page:/type_mismatch.md'), 'type_mismatch')
end)
step('symbols of the file', function()
  local answer = ask('textDocument/documentSymbol', {})
  has(answer, 'pictures')
  has(answer, 'api')
end)
step('symbols of the program', function()
  has(ask('workspace/symbol', { query = 'orders' }), 'orders')
end)
step('folding', function()
  local line = place('container api').line
  local folds = vim.tbl_filter(function(fold)
    return fold.startLine == line and fold.endLine > line
  end, ask('textDocument/foldingRange', {}))
  assert(#folds > 0, 'the body of `api` does not fold')
end)
step('formatting', function()
  write('  keep = 30d', '      keep   =   30d')
  local edits = ask('textDocument/formatting', { options = { tabSize = 2, insertSpaces = true } })
  vim.lsp.util.apply_text_edits(edits, buffer, client.offset_encoding)
  assert(lines():find('\n  keep = 30d\n', 1, true), lines())
end)
step('a fix is offered, and mends', function()
  write('keep = 30d', 'keeep = 30d')
  wait('a message', function()
    return #told() > 0
  end)
  local from = place('keeep')
  local actions = ask('textDocument/codeAction', {
    range = { start = from, ['end'] = { line = from.line, character = from.character + 5 } },
    context = {
      diagnostics = vim.tbl_map(function(found)
        return found.user_data and found.user_data.lsp and found.user_data.lsp.diagnostic or {
          range = {
            start = { line = found.lnum, character = found.col },
            ['end'] = { line = found.end_lnum, character = found.end_col },
          },
          message = found.message,
          code = found.code or (found.user_data and found.user_data.lsp and found.user_data.lsp.code),
          severity = found.severity,
          source = found.source,
        }
      end, told()),
    },
  })
  local action = actions[1]
  assert(action, 'none is offered')
  if not action.edit then
    action = ask('codeAction/resolve', action)
  end
  vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
  assert(lines():find('\n  keep = 30d\n', 1, true), lines())
  wait('the end of the message', function()
    return #told() == 0
  end)
end)
step('semantic tokens', function()
  local data = ask('textDocument/semanticTokens/full', {}).data
  assert(#data > 100 and #data % 5 == 0, #data)
end)
step('selection by steps', function()
  local answer = ask('textDocument/selectionRange', { positions = { place('30d', 1) } })
  assert(answer[1] and answer[1].parent and answer[1].parent.parent, vim.inspect(answer))
end)
step('links of the file', function()
  has(ask('textDocument/documentLink', {}), 'data')
end)
step('signature of a call', function()
  has(ask('textDocument/signatureHelp', { position = place('http("', 6) }), 'http')
end)
local offered = client.server_capabilities.executeCommandProvider
if offered and vim.tbl_contains(offered.commands, 'infrac.artefact') then
  step('the emitted line that a value reaches', function()
    local at = place('30d')
    vim.api.nvim_win_set_cursor(0, { at.line + 1, at.character })
    vim.ui.select = function(lines, _, open)
      open(lines[1])
    end
    require('infrac').artefact()
    local line, modifiable = vim.api.nvim_get_current_line(), vim.bo.modifiable
    vim.cmd('bwipeout!')
    has(line, '30')
    assert(not modifiable, 'it can be written')
  end)
  step('what reaches an endpoint', function()
    local at = place('http = 8080')
    vim.api.nvim_win_set_cursor(0, { at.line + 1, at.character })
    require('infrac').reach()
    local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
    vim.cmd('bwipeout!')
    has(text, 'internet')
  end)
end
step('the server ends when it is asked to', function()
  client.stop()
  wait('its end', function()
    return client.is_stopped()
  end)
end)

vim.cmd(failed == 0 and 'qall!' or 'cquit 1')
