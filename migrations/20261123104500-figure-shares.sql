-- Whom an organisation shows its published figures to: the commissioners of another organisation, until it takes that back. It is
-- about published figures alone. Nothing else of an organisation is ever shown to another one.
create table figure_shares (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  with_organisation_id bigint not null references organisations,
  shared_at timestamptz(3) not null,
  shared_by bigint not null,
  ended_at timestamptz(3),
  ended_by bigint,
  unique (organisation_id, id),
  constraint figures_are_shared_with_others check (with_organisation_id <> organisation_id),
  constraint figure_share_ends_whole check ((ended_at is null) = (ended_by is null) and ended_at >= shared_at),
  foreign key (organisation_id, shared_by) references staff (organisation_id, id),
  foreign key (organisation_id, ended_by) references staff (organisation_id, id)
);
create unique index figures_are_shared_once on figure_shares (organisation_id, with_organisation_id) where ended_at is null;
create index figures_shared_with on figure_shares (with_organisation_id) where ended_at is null;

-- one that is over stays over, and who shared what with whom is not written anew
create function figure_share_goes_on() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null
    or (new.organisation_id, new.with_organisation_id, new.shared_at, new.shared_by)
      is distinct from (old.organisation_id, old.with_organisation_id, old.shared_at, old.shared_by)
  then
    raise exception 'figure share % stays as it was made, and is over once it is ended', old.id
      using errcode = 'check_violation', constraint = 'figure_share_goes_on';
  end if;
  return new;
end $$;
create trigger figure_share_goes_on before update on figure_shares
  for each row execute function figure_share_goes_on();
