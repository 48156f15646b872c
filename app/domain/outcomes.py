"""What a participant can hope for, and get out of it: one list, at the start and at the end."""

from app.language import mark

OUTCOMES = {  # bits in this order; new ones go last
    "good_experiences": mark("At få gode oplevelser"),
    "energy": mark("At få mere energi og overskud"),
    "structure": mark("At få struktur i hverdagen"),
    "association": mark("At blive aktiv i en forening eller fritidsaktivitet"),
    "network": mark("At få udvidet netværk"),
    "possibilities": mark("At blive bevidst om mine muligheder for fremtiden"),
    "economy": mark("At få overblik og styr på økonomi"),
    "housing": mark("At finde bolig og etablere mig i bolig"),
    "substances": mark("At få kontrol over mit brug af rusmidler"),
    "work": mark("At komme i gang med job eller uddannelse"),
    "no_crime": mark("At undgå at begå ny kriminalitet"),
    "other": mark("Andet"),
}
