"""The arXiv taxonomy as the first set of categories: code, short code, name and group."""

from typing import Any

from django.db import migrations

# group: code, short code, name
TAXONOMY = {
    "Computer Science": """
cs.AI | AI | Artificial Intelligence
cs.AR | AR | Hardware Architecture
cs.CC | CC | Computational Complexity
cs.CE | CE | Computational Engineering, Finance, and Science
cs.CG | CG | Computational Geometry
cs.CL | CL | Computation and Language
cs.CR | CR | Cryptography and Security
cs.CV | CV | Computer Vision and Pattern Recognition
cs.CY | CY | Computers and Society
cs.DB | DB | Databases
cs.DC | DC | Distributed, Parallel, and Cluster Computing
cs.DL | DL | Digital Libraries
cs.DM | DM | Discrete Mathematics
cs.DS | DS | Data Structures and Algorithms
cs.ET | ET | Emerging Technologies
cs.FL | FL | Formal Languages and Automata Theory
cs.GL | GL | General Literature
cs.GR | GR | Graphics
cs.GT | GT | Computer Science and Game Theory
cs.HC | HC | Human-Computer Interaction
cs.IR | IR | Information Retrieval
cs.IT | IT | Information Theory
cs.LG | LG | Machine Learning
cs.LO | LO | Logic in Computer Science
cs.MA | MA | Multiagent Systems
cs.MM | MM | Multimedia
cs.MS | MS | Mathematical Software
cs.NA | NA | Numerical Analysis
cs.NE | NE | Neural and Evolutionary Computing
cs.NI | NI | Networking and Internet Architecture
cs.OH | OH | Other Computer Science
cs.OS | OS | Operating Systems
cs.PF | PF | Performance
cs.PL | PL | Programming Languages
cs.RO | RO | Robotics
cs.SC | SC | Symbolic Computation
cs.SD | SD | Sound
cs.SE | SE | Software Engineering
cs.SI | SI | Social and Information Networks
cs.SY | SY | Systems and Control
""",
    "Economics": """
econ.EM | EM | Econometrics
econ.GN | GN | General Economics
econ.TH | TH | Theoretical Economics
""",
    "Electrical Engineering and Systems Science": """
eess.AS | AS | Audio and Speech Processing
eess.IV | IV | Image and Video Processing
eess.SP | SP | Signal Processing
eess.SY | SY | Systems and Control
""",
    "Mathematics": """
math.AC | AC | Commutative Algebra
math.AG | AG | Algebraic Geometry
math.AP | AP | Analysis of PDEs
math.AT | AT | Algebraic Topology
math.CA | CA | Classical Analysis and ODEs
math.CO | CO | Combinatorics
math.CT | CT | Category Theory
math.CV | CV | Complex Variables
math.DG | DG | Differential Geometry
math.DS | DS | Dynamical Systems
math.FA | FA | Functional Analysis
math.GM | GM | General Mathematics
math.GN | GN | General Topology
math.GR | GR | Group Theory
math.GT | GT | Geometric Topology
math.HO | HO | History and Overview
math.IT | IT | Information Theory
math.KT | KT | K-Theory and Homology
math.LO | LO | Logic
math.MG | MG | Metric Geometry
math.MP | MP | Mathematical Physics
math.NA | NA | Numerical Analysis
math.NT | NT | Number Theory
math.OA | OA | Operator Algebras
math.OC | OC | Optimization and Control
math.PR | PR | Probability
math.QA | QA | Quantum Algebra
math.RA | RA | Rings and Algebras
math.RT | RT | Representation Theory
math.SG | SG | Symplectic Geometry
math.SP | SP | Spectral Theory
math.ST | ST | Statistics Theory
""",
    "Physics": """
astro-ph.CO | CO | Cosmology and Nongalactic Astrophysics
astro-ph.EP | EP | Earth and Planetary Astrophysics
astro-ph.GA | GA | Astrophysics of Galaxies
astro-ph.HE | HE | High Energy Astrophysical Phenomena
astro-ph.IM | IM | Instrumentation and Methods for Astrophysics
astro-ph.SR | SR | Solar and Stellar Astrophysics
cond-mat.dis-nn | dis-nn | Disordered Systems and Neural Networks
cond-mat.mes-hall | mes-hall | Mesoscale and Nanoscale Physics
cond-mat.mtrl-sci | mtrl-sci | Materials Science
cond-mat.other | other | Other Condensed Matter
cond-mat.quant-gas | quant-gas | Quantum Gases
cond-mat.soft | soft | Soft Condensed Matter
cond-mat.stat-mech | stat-mech | Statistical Mechanics
cond-mat.str-el | str-el | Strongly Correlated Electrons
cond-mat.supr-con | supr-con | Superconductivity
gr-qc | gr-qc | General Relativity and Quantum Cosmology
hep-ex | hep-ex | High Energy Physics - Experiment
hep-lat | hep-lat | High Energy Physics - Lattice
hep-ph | hep-ph | High Energy Physics - Phenomenology
hep-th | hep-th | High Energy Physics - Theory
math-ph | math-ph | Mathematical Physics
nlin.AO | AO | Adaptation and Self-Organizing Systems
nlin.CD | CD | Chaotic Dynamics
nlin.CG | CG | Cellular Automata and Lattice Gases
nlin.PS | PS | Pattern Formation and Solitons
nlin.SI | SI | Exactly Solvable and Integrable Systems
nucl-ex | nucl-ex | Nuclear Experiment
nucl-th | nucl-th | Nuclear Theory
physics.acc-ph | acc-ph | Accelerator Physics
physics.ao-ph | ao-ph | Atmospheric and Oceanic Physics
physics.app-ph | app-ph | Applied Physics
physics.atm-clus | atm-clus | Atomic and Molecular Clusters
physics.atom-ph | atom-ph | Atomic Physics
physics.bio-ph | bio-ph | Biological Physics
physics.chem-ph | chem-ph | Chemical Physics
physics.class-ph | class-ph | Classical Physics
physics.comp-ph | comp-ph | Computational Physics
physics.data-an | data-an | Data Analysis, Statistics and Probability
physics.ed-ph | ed-ph | Physics Education
physics.flu-dyn | flu-dyn | Fluid Dynamics
physics.gen-ph | gen-ph | General Physics
physics.geo-ph | geo-ph | Geophysics
physics.hist-ph | hist-ph | History and Philosophy of Physics
physics.ins-det | ins-det | Instrumentation and Detectors
physics.med-ph | med-ph | Medical Physics
physics.optics | optics | Optics
physics.plasm-ph | plasm-ph | Plasma Physics
physics.pop-ph | pop-ph | Popular Physics
physics.soc-ph | soc-ph | Physics and Society
physics.space-ph | space-ph | Space Physics
quant-ph | quant-ph | Quantum Physics
""",
    "Quantitative Biology": """
q-bio.BM | BM | Biomolecules
q-bio.CB | CB | Cell Behavior
q-bio.GN | GN | Genomics
q-bio.MN | MN | Molecular Networks
q-bio.NC | NC | Neurons and Cognition
q-bio.OT | OT | Other Quantitative Biology
q-bio.PE | PE | Populations and Evolution
q-bio.QM | QM | Quantitative Methods
q-bio.SC | SC | Subcellular Processes
q-bio.TO | TO | Tissues and Organs
""",
    "Quantitative Finance": """
q-fin.CP | CP | Computational Finance
q-fin.EC | EC | Economics
q-fin.GN | GN | General Finance
q-fin.MF | MF | Mathematical Finance
q-fin.PM | PM | Portfolio Management
q-fin.PR | PR | Pricing of Securities
q-fin.RM | RM | Risk Management
q-fin.ST | ST | Statistical Finance
q-fin.TR | TR | Trading and Market Microstructure
""",
    "Statistics": """
stat.AP | AP | Applications
stat.CO | CO | Computation
stat.ME | ME | Methodology
stat.ML | ML | Machine Learning
stat.OT | OT | Other Statistics
stat.TH | TH | Statistics Theory
""",
}


def load(apps: Any, schema_editor: Any) -> None:
    category = apps.get_model("papers", "Category")
    rows = [
        [part.strip() for part in line.split("|")] + [group]
        for group, lines in TAXONOMY.items()
        for line in lines.split("\n")
        if line
    ]
    category.objects.bulk_create(
        [
            category(code=code, archive=code.partition(".")[0], short_code=short, name=name, group=group, arxiv_code=code)
            for code, short, name, group in rows
        ],
        ignore_conflicts=True,
    )


def unload(apps: Any, schema_editor: Any) -> None:
    """Nothing: the table goes with the migration before this one, and editors may have changed its rows."""


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_initial")]

    operations = [migrations.RunPython(load, unload)]
