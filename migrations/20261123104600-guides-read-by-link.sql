-- A guide is read by whoever has a link to it, with no account: an email that says when a call is says how to join it. The link is of one version;
-- it leads to the one that is in use.
alter table guides add column reading_key uuid not null default gen_random_uuid();
create unique index guides_by_reading_key on guides (reading_key);

-- Own words may have it as well.
alter table message_settings
  drop constraint words_name_known_fields,
  add constraint words_name_known_fields check (
    names_known_fields(body, 'name|day|day and time|call or visit|who they meet|link|guide|signed')
    and names_known_fields(text_body, 'name|day|day and time|call or visit|who they meet|guide|signed')
    and names_known_fields(letter_body, 'name|day|day and time|call or visit|who they meet|signed')
  );
