-- What an organisation decided about the messages that are written by themselves: whether a kind goes out at all, and in which words of
-- its own. No row, or no words: as it comes with the service.

-- Whether these words name nothing to fill in but what a message can know, and leave no brace open.
create function names_known_fields(words text, fields text) returns boolean language sql immutable as $$
  select regexp_replace(words, '\{\{(' || fields || ')\}\}', '', 'g') !~ '[{}]'
$$;

-- The shortest list of what must never stand on a screen, whoever wrote it. The app asks for more, and by the names of each service.
create function tells_nothing(words text) returns boolean language sql immutable as $$
  select words !~* 'psych|mental|suicid|addict|self.?harm|\mnhs\M|\mrisk|violen|\mabus'
$$;

create table message_settings (
  organisation_id bigint not null references organisations,
  kind text not null check (kind ~ '^[a-z]+(-[a-z]+)*$'),
  is_on boolean not null default true,
  subject text,
  body text,
  text_body text,
  letter_body text,
  version integer not null check (version > 0),
  changed_at timestamptz(3) not null check (isfinite(changed_at)),
  changed_by bigint not null,
  primary key (organisation_id, kind),
  foreign key (organisation_id, changed_by) references staff (organisation_id, id),
  -- whoever was told a time hears of the next; who asked to be asked is asked; a person rings before anything else is done
  constraint some_messages_always_go check (
    is_on or kind not in ('session-made', 'session-moved', 'check-in', 'overdue-by-hand')
  ),
  constraint subject_is_one_line check (subject ~ '^[^\r\n]{1,100}$'),
  constraint subject_names_known_fields check (names_known_fields(subject, 'day|day and time|call or visit')),
  constraint subject_tells_nothing check (tells_nothing(subject)),
  constraint text_tells_nothing check (tells_nothing(text_body)),
  constraint words_are_not_endless check (
    length(body) between 1 and 3000 and length(text_body) between 1 and 500 and length(letter_body) between 1 and 3000
  ),
  constraint words_name_known_fields check (
    names_known_fields(body, 'name|day|day and time|call or visit|who they meet|link|signed')
    and names_known_fields(text_body, 'name|day|day and time|call or visit|who they meet|signed')
    and names_known_fields(letter_body, 'name|day|day and time|call or visit|who they meet|signed')
  )
);

-- Every version as it was, by whom: what somebody was sent in March is found again.
create table message_setting_changes (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  kind text not null,
  version integer not null,
  is_on boolean not null,
  subject text,
  body text,
  text_body text,
  letter_body text,
  changed_at timestamptz(3) not null,
  changed_by bigint not null,
  unique (organisation_id, kind, version),
  foreign key (organisation_id, changed_by) references staff (organisation_id, id)
);

create function message_setting_is_kept() returns trigger language plpgsql as $$
begin
  if new.version <> (case when tg_op = 'INSERT' then 1 else old.version + 1 end) then
    raise exception 'a version follows the one before it'
      using errcode = '23514', constraint = 'message_setting_versions_follow', table = 'message_settings';
  end if;
  insert into message_setting_changes (
    organisation_id, kind, version, is_on, subject, body, text_body, letter_body, changed_at, changed_by
  ) values (
    new.organisation_id, new.kind, new.version, new.is_on, new.subject, new.body, new.text_body, new.letter_body, new.changed_at,
    new.changed_by
  );
  return new;
end $$;
create trigger message_setting_is_kept before insert or update on message_settings
  for each row execute function message_setting_is_kept();

-- As before; and what was switched off while it waited is not sent.
create or replace function occasion_holds(asked text) returns boolean language sql stable as $$
  select coalesce((
    select case
      when exists (
        select from message_settings setting
        where setting.organisation_id = message_occasions.organisation_id and kind = rule and not is_on
      ) then false
      when rule like 'session-%' then exists (
        select from diary_entries where id = subject_id and cancelled_at is null and starts_at = about_at
      )
      when rule like 'review-%' or rule like 'overdue-%' then exists (
        select from loan_lines
        where loan_id = subject_id and due_on = about_on and taken_at is not null and ended_at is null
      )
      when rule = 'loan-made' then exists (
        select from loan_lines where loan_id = subject_id and taken_at is not null and ended_at is null
      )
      when rule = 'appointment-preparation' then exists (
        select from appointments
        where id = subject_id and starts_at = about_at and cancelled_at is null and outcome is null
          and way in ('video', 'phone', 'text')
      )
      when rule = 'data-ending' then exists (
        select from data_allowances where id = subject_id and cancelled_at is null and ends_on = about_on
      )
      when rule = 'locker-uncollected' then exists (
        select from locker_deposits where id = subject_id and ended_at is null
      )
      else true
    end
    from message_occasions where cause = asked
  ), true)
$$;
