-- What can be lent or booked: categories, models, kits and the items themselves.

-- Check digits are kept here too, so that no script can go round the form.
create function is_luhn(digits text) returns boolean language sql immutable strict parallel safe as $$
  select digits ~ '^[0-9]+$' and 0 = (
    select sum(case when (length(digits) - place) % 2 = 1 then (digit * 2) / 10 + (digit * 2) % 10 else digit end) % 10
    from (select place, substr(digits, place, 1)::int as digit from generate_series(1, length(digits)) place) each_digit
  )
$$;

-- A tag that people compare, scan and type: single spaces, and nothing that cannot be seen, so that two tags that look the
-- same are the same.
create function is_tag(tag text) returns boolean language sql immutable strict parallel safe as $$
  select tag ~ '^\S+( \S+)*$' and tag !~ '[[:cntrl:]\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]'
$$;

create table item_categories (
  code text primary key,
  name text not null,
  sort_order integer not null unique
);
insert into item_categories (code, name, sort_order) values
  ('tablet', 'Tablet', 1), ('smartphone', 'Smartphone', 2), ('laptop', 'Laptop', 3), ('hotspot', 'Hotspot', 4),
  ('sim', 'SIM', 5), ('charger', 'Charger', 6), ('headset', 'Headset', 7), ('accessory', 'Accessory', 8),
  ('locker-bay', 'Locker bay', 9), ('private-room', 'Private room', 10);

create table models (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  category text not null references item_categories,
  maker text not null default '',
  name text not null check (name <> ''),
  operating_system text not null default '',
  support_ends_on date,
  connector text check (connector in ('usb-c', 'lightning', 'micro-usb', 'wireless')),
  cable_length_cm integer check (cable_length_cm between 0 and 1000),
  is_suitable_for_video boolean,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  unique (organisation_id, id),
  unique (id, category)
);
create unique index models_name_key on models (organisation_id, category, lower(maker), lower(name));

create table kits (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  tag text not null constraint kits_tag_is_plain check (is_tag(tag)),
  tag_key text generated always as (lower(trim(tag))) stored not null,
  name text not null check (name <> ''),
  notes text not null default '',
  version integer not null default 1,
  created_at timestamptz(3) not null,
  unique (organisation_id, id)
);
create unique index kits_tag_key on kits (organisation_id, tag_key);

create table items (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  model_id bigint not null,
  category text not null,
  tag text not null constraint items_tag_is_plain check (is_tag(tag)) check (length(tag) <= 60),
  tag_key text generated always as (lower(trim(tag))) stored not null,
  serial text,
  imei text constraint items_imei_check_digit check (imei ~ '^[0-9]{15}$' and is_luhn(imei)),
  iccid text constraint items_iccid_check_digit check (iccid ~ '^89[0-9]{17,18}$' and is_luhn(iccid)),
  phone_number text,
  kept_at_ward_id bigint,
  kit_id bigint,
  bought_on date,
  cost_pence integer check (cost_pence >= 0),
  order_number text not null default '',
  notes text not null default '',
  left_at timestamptz(3),
  left_as text check (left_as in ('given', 'lost', 'stolen', 'damaged', 'retired')),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  search_text text generated always as (
    lower(tag || ' ' || coalesce(serial, '') || ' ' || coalesce(imei, '') || ' ' || coalesce(iccid, ''))
  ) stored not null,
  unique (organisation_id, id),
  check ((left_at is null) = (left_as is null)),
  -- words that stand in the URL where a tag does
  constraint items_tag_not_reserved check (lower(tag) not in ('new', 'labels', 'import', 'export', 'scan', '.', '..')),
  foreign key (organisation_id, model_id) references models (organisation_id, id),
  foreign key (model_id, category) references models (id, category) on update cascade,
  foreign key (organisation_id, kept_at_ward_id) references wards (organisation_id, id),
  foreign key (organisation_id, kit_id) references kits (organisation_id, id)
);
create unique index items_tag_key on items (organisation_id, tag_key);
create unique index items_imei_key on items (organisation_id, imei) where imei is not null;
create unique index items_iccid_key on items (organisation_id, iccid) where iccid is not null;
create index items_serial on items (organisation_id, lower(serial)) where serial is not null;
create index items_gone on items (organisation_id, tag_key) where left_at is not null;
create index items_by_category on items (organisation_id, category, tag_key);
create index items_by_kit on items (kit_id) where kit_id is not null;
create index items_by_model on items (model_id);
create index items_search on items using gin (search_text gin_trgm_ops);
