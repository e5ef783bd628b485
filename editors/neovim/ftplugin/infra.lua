-- How `.infra` files are edited.
vim.bo.commentstring = '// %s'
vim.bo.comments = '://!,:///,://'
vim.bo.expandtab = true
vim.bo.shiftwidth = 2
vim.bo.softtabstop = 2
vim.bo.suffixesadd = '.infra'
vim.b.undo_ftplugin = 'setlocal commentstring< comments< expandtab< shiftwidth< softtabstop< suffixesadd<'

-- With the parser of editors/tree-sitter-infra the colours are exact; without it syntax/infra.vim draws.
if vim.treesitter.start and pcall(vim.treesitter.start, 0, 'infra') then
  vim.wo.foldexpr = 'v:lua.vim.treesitter.foldexpr()'
end
