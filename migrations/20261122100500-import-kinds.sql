-- Open loans come in from spreadsheets too, and spreadsheets come as Excel workbooks.

alter table imports
  drop constraint imports_kind_check,
  add constraint imports_kind_check check (kind in ('items', 'loans')),
  -- csv: as it was sent. workbook: one with several sheets, of which none is chosen yet. sheet: the rows of one sheet as
  -- CSV, each with its number in front, so that nothing is unpacked twice.
  add column format text not null default 'csv' check (format in ('csv', 'workbook', 'sheet')),
  -- the name on the tab, once it is known which
  add column sheet text,
  add check ((sheet is not null) = (format = 'sheet'));

-- Who lent what a command brings in, nobody may know any more.
alter table loans
  alter column lent_by drop not null,
  add column import_id bigint,
  add foreign key (organisation_id, import_id) references imports (organisation_id, id),
  add constraint loans_have_a_lender check (lent_by is not null or import_id is not null);
create index loans_by_import on loans (import_id) where import_id is not null;
