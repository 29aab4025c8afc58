-- The number that people ring when something does not work, as letters say it. Empty: it is filled in by hand.
alter table organisations add column help_line text not null default ''
  constraint help_line_is_one_line check (help_line = trim(help_line) and length(help_line) <= 80 and help_line !~ '[\r\n]');
