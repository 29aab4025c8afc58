-- Whom somebody can call in a crisis, as every call sheet says it. It begins with what is there everywhere in England; an
-- organisation writes its own lines beside it.
alter table organisations add column crisis_line text not null
  default E'Call 111 and choose the mental health option. It leads to the local crisis line, day and night.'
  constraint crisis_line_is_told check (trim(crisis_line) <> '' and length(crisis_line) <= 500);
