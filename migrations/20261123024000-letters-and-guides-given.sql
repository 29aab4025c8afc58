-- Who was told how and when, in writing, and who was given which guide: in which version, which shape, when and by whom. Both are only
-- added to. A letter that says what is not so any more is marked by PostgreSQL itself, so nobody counts as told who was told otherwise.
create table appointment_letters (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  appointment_id bigint not null,
  format text not null constraint letter_format_word check (format in ('plain', 'large-print', 'easy-read', 'large-easy-read')),
  told_as text not null constraint letter_told_as_word check (told_as in ('posted', 'by-hand', 'read-out')),
  at timestamptz(3) not null,
  by bigint not null,
  is_overtaken boolean not null default false,
  unique (organisation_id, id),
  foreign key (organisation_id, appointment_id) references appointments (organisation_id, id),
  foreign key (organisation_id, by) references staff (organisation_id, id)
);
create index appointment_letters_by_appointment on appointment_letters (appointment_id, id);

create table guides_given (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  guide_id bigint not null,
  format text not null constraint guide_format_word check (
    format in ('plain', 'large-print', 'easy-read', 'large-easy-read', 'audio', 'bsl', 'braille')
  ),
  letter_id bigint,
  at timestamptz(3) not null,
  by bigint not null,
  unique (organisation_id, id),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, guide_id) references guides (organisation_id, id),
  foreign key (organisation_id, letter_id) references appointment_letters (organisation_id, id),
  foreign key (organisation_id, by) references staff (organisation_id, id)
);
create index guides_given_by_person on guides_given (service_user_id, id desc);

create function letter_stays_as_given() returns trigger language plpgsql as $$
begin
  if to_jsonb(new) - 'is_overtaken' <> to_jsonb(old) - 'is_overtaken' or old.is_overtaken and not new.is_overtaken then
    raise exception 'letter % stays as it was given', old.id
      using errcode = '23514', constraint = 'letter_stays_as_given', table = 'appointment_letters';
  end if;
  return new;
end $$;
create trigger letter_stays_as_given before update on appointment_letters
  for each row execute function letter_stays_as_given();

-- What was given is handed out: a draft, or what is out of use, is not.
create function given_guide_is_in_use() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if to_jsonb(new) - 'service_user_id' <> to_jsonb(old) - 'service_user_id' then
      raise exception 'what was given stays as it was written'
        using errcode = '23514', constraint = 'given_guide_is_in_use', table = 'guides_given';
    end if;
  elsif not exists (
    select from guides where id = new.guide_id and approved_at is not null and retired_at is null for share
  ) then
    raise exception 'guide % is not in use', new.guide_id
      using errcode = '23514', constraint = 'given_guide_is_in_use', table = 'guides_given';
  end if;
  return new;
end $$;
create trigger given_guide_is_in_use before insert or update on guides_given
  for each row execute function given_guide_is_in_use();
create trigger follow_merge before insert or update of service_user_id on guides_given
  for each row execute function follow_merge();

create function letter_is_overtaken() returns trigger language plpgsql as $$
begin
  -- whoever empties old records changes the words of appointments that are long over, and may write nothing here
  if not has_table_privilege('appointment_letters', 'update') then
    return null;
  end if;
  if tg_table_name = 'appointments' then
    if (old.starts_at, old.ends_at, old.way, old.back_up, old.platform_id)
       is distinct from (new.starts_at, new.ends_at, new.way, new.back_up, new.platform_id) then
      update appointment_letters set is_overtaken = true where appointment_id = new.id and not is_overtaken;
    end if;
  elsif (old.number_shown, old.back_up_number, old.call_back_number, old.place)
     is distinct from (new.number_shown, new.back_up_number, new.call_back_number, new.place) then
    update appointment_letters set is_overtaken = true where appointment_id = new.appointment_id and not is_overtaken;
  end if;
  return null;
end $$;
create trigger letter_is_overtaken after update on appointments for each row execute function letter_is_overtaken();
create trigger letter_is_overtaken after update on appointment_details for each row execute function letter_is_overtaken();
