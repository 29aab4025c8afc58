-- Appointments come in from a spreadsheet too.
alter table imports
  drop constraint imports_kind_check,
  add constraint imports_kind_check check (kind in ('items', 'loans', 'people', 'counts', 'appointments')) not valid;
alter table imports validate constraint imports_kind_check;
