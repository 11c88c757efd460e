create table todo_user (
    username text collate "C" primary key, -- the order of bytes, whatever the locale: pages follow it
    id numeric not null unique, -- that of the value, which may have any number of digits
    value text not null -- JSON, as it is served
);
