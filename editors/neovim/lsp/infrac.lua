-- For `vim.lsp.enable('infrac')`, Neovim 0.11 and later.
return {
  cmd = { 'infrac', 'lsp' },
  filetypes = { 'infra' },
  init_options = { pages = true },
  root_markers = { 'infra.lock', '.git' },
}
