"""A small river on disk whose doubts are known by hand: 100 Mm3 a month, a town asking 30 first, fields asking 80.

October to December: runoff 300, the town 90, the fields ask 240 and get 210; what is left, nothing, passes the gauge.
"""

FOLDER = "river"
MODEL = """\
format: 1
name: river
title: A small river
parties: [A]
horizon: {start: 2024-10-01, end: 2024-12-31}
inputs: ""
series: {runoff: base, needs: base, targets: base}
objective:
  priorities:
    - {name: town, claims: [{kind: demands, uses: [drinking]}]}
    - {name: fields, claims: [{kind: demands, uses: [irrigation]}]}
    - {name: gauge, claims: [{kind: targets}]}
"""
SOURCES = 'judgement: {title: "Our own judgement", url: "-"}\nbook: {title: "A book", url: "https://example.org/book"}\n'
TABLES = {
    "nodes": "node,kind,name,name_ru,x,y,source,grade\nsource,junction,Source,Исток,0,0,book,official\n"
    "end,outlet,End,Устье,1,0,book,official\n",
    "reaches": "reach,from_node,to_node,name,name_ru,travel_growing_days,travel_non_growing_days,source,grade\n"
    "river,source,end,River,Река,0,0,book,official\n",
    "runoff": "series,node,month,runoff_Mm3,source,grade\n"
    + "".join(f"base,source,{month},100,judgement,assumed\n" for month in (10, 11, 12)),
    "demands": "demand,node,party,use,limited,name,name_ru,source,grade\n"
    "town,source,A,drinking,no,Town,Город,book,official\nfields,source,A,irrigation,no,Fields,Поля,book,official\n",
    "needs": "series,demand,month,need_Mm3,source,grade\n"
    + "".join(f"base,town,{m},30,judgement,unverified\nbase,fields,{m},80,book,published\n" for m in (10, 11, 12)),
    "targets": "series,target,place,reach,start,end,target_Mm3,source,grade\nbase,gauge,end,river,2024-10-01,2024-12-31,60,book,official\n",
    "ranges": "input,table,column,owner,part,change,low,high,from_grade,name,name_ru,source,grade,note\n"
    "wet,runoff,runoff_Mm3,together,year,factor,0.8,1.2,assumed,Runoff,Сток,judgement,assumed,a guess\n"
    "asked,needs,need_Mm3,each,year,shift,-10,10,assumed,Water asked for,Потребность,judgement,assumed,a guess\n",
}


def written(folder, **other):
    """The model written into a folder, some tables replaced (None: left out); its path."""
    tables = folder / FOLDER / "tables"
    tables.mkdir(parents=True)
    (folder / FOLDER / "model.yaml").write_text(MODEL, encoding="utf-8")
    (tables / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    for name, text in (TABLES | other).items():
        if text is not None:
            (tables / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder / FOLDER / "model.yaml"
