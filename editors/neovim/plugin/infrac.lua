-- Starts `infrac lsp` for `.infra` files, unless `vim.g.infrac_lsp` is false.
if vim.g.loaded_infrac then
  return
end
vim.g.loaded_infrac = true

vim.api.nvim_create_autocmd('BufReadCmd', {
  -- Neovim puts a folder before such an address.
  pattern = { '*infrac-std:/*', '*infrac-page:/*', '*infrac-artefact:/*' },
  callback = function(event)
    require('infrac').read(event.buf, event.match:match('infrac%-%a+:/.*$'))
  end,
})

vim.api.nvim_create_user_command('InfraArtefact', function()
  require('infrac').artefact()
end, { desc = 'What the value under the cursor becomes' })
vim.api.nvim_create_user_command('InfraReach', function()
  require('infrac').reach()
end, { desc = 'What reaches the endpoint under the cursor' })

if vim.g.infrac_lsp == false then
  return
end
if vim.fn.has('nvim-0.11') == 1 then
  if vim.g.infrac_path then
    vim.lsp.config('infrac', { cmd = { vim.g.infrac_path, 'lsp' } })
  end
  vim.lsp.enable('infrac')
else
  vim.api.nvim_create_autocmd('FileType', {
    pattern = 'infra',
    callback = function(event)
      require('infrac').start(event.buf)
    end,
  })
end
