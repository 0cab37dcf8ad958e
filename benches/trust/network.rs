//! Changes of a solution that networks need and cargo-mutants does not make.
//!
//! An error ignored; a read or write that is not repeated, or is repeated although it need not be; another side
//! shut down; a timeout, a flush or a sync left out; a lock held for longer; a limit one too small or too
//! large. Each is an edit of the source, so the rest of the file stays as it is.

use std::ops::Range;

use netkata_runner::failure::Failure;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Block, Expr, ExprBinary, ExprMethodCall, ExprPath, Lit, Stmt};

/// One edit of a source file.
pub struct Edit {
    /// What is done, as cargo-mutants words it: `replace read_exact with read in read_header`.
    pub what: String,
    /// The bytes that are replaced.
    pub at: Range<usize>,
    with: String,
}

impl Edit {
    /// The source with this edit made.
    pub fn apply(&self, source: &str) -> String {
        format!("{}{}{}", &source[..self.at.start], self.with, &source[self.at.end..])
    }
}

/// Find every edit that can be made in this file. Some of the edited files do not compile.
pub fn edits(source: &str) -> Result<Vec<Edit>, Failure> {
    let file = syn::parse_file(source)
        .map_err(|error| Failure::new(format!("failed to parse the solution: {error}")))?;
    let mut search = Search { source, function: String::new(), edits: Vec::new() };
    search.visit_file(&file);
    Ok(search.edits)
}

struct Search<'a> {
    source: &'a str,
    /// The name of the function that is being searched.
    function: String,
    edits: Vec<Edit>,
}

impl Search<'_> {
    fn text(&self, node: &impl Spanned) -> &str {
        &self.source[node.span().byte_range()]
    }

    fn replace(&mut self, node: &impl Spanned, with: impl Into<String>, what: &str) {
        let (at, what) = (node.span().byte_range(), format!("{what} in {}", self.function));
        self.edits.push(Edit { what, at, with: with.into() });
    }

    fn in_function(&mut self, name: &syn::Ident, search: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.function, name.to_string());
        search(self);
        self.function = outer;
    }

    /// Ignore the error of a statement, or of the last call of a function.
    fn ignore_error(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Expr(Expr::Try(tried), Some(_)) => {
                let ignored = format!("let _ = {};", self.text(&*tried.expr));
                self.replace(statement, ignored, "drop ?");
            }
            Stmt::Expr(last @ (Expr::MethodCall(_) | Expr::Call(_)), None) => {
                let ignored = format!("let _ = {}; Ok(())", self.text(last));
                self.replace(statement, ignored, "ignore the error");
            }
            _ => {}
        }
    }

    /// Leave out a statement that only sets, ends or waits for something.
    fn leave_out(&mut self, statement: &Stmt) {
        const CALLS: [&str; 8] = [
            "set_read_timeout",
            "set_write_timeout",
            "set_nonblocking",
            "flush",
            "sync_all",
            "sync_data",
            "shutdown",
            "drop",
        ];
        let call = match statement {
            Stmt::Expr(call, Some(_)) => call,
            Stmt::Local(local) => match &local.init {
                Some(init) if matches!(local.pat, syn::Pat::Wild(_)) => &*init.expr,
                _ => return,
            },
            _ => return,
        };
        let call = if let Expr::Try(tried) = call { &*tried.expr } else { call };
        let name = match call {
            Expr::MethodCall(call) => call.method.to_string(),
            Expr::Call(call) => self.text(&*call.func).to_owned(),
            _ => return,
        };
        if CALLS.contains(&name.as_str()) {
            self.replace(statement, "", &format!("leave out {name}"));
        }
    }

    /// Hold a lock that a statement holds only while it runs until the end of the block.
    fn hold_lock(&mut self, statement: &Stmt) {
        let mut locks = Locks(Vec::new());
        locks.visit_stmt(statement);
        for lock in locks.0 {
            let (whole, lock) = (statement.span().byte_range(), lock.span().byte_range());
            let before = &self.source[whole.start..lock.start];
            let after = &self.source[lock.end..whole.end];
            let held = format!("let mut held = {}; {before}held{after}", &self.source[lock]);
            self.replace(statement, held, "hold the lock until the block ends");
        }
    }
}

impl<'ast> Visit<'ast> for Search<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.in_function(&function.sig.ident, |search| visit::visit_item_fn(search, function));
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.in_function(&function.sig.ident, |search| visit::visit_impl_item_fn(search, function));
    }

    fn visit_block(&mut self, block: &'ast Block) {
        for statement in &block.stmts {
            self.ignore_error(statement);
            self.leave_out(statement);
            self.hold_lock(statement);
        }
        visit::visit_block(self, block);
    }

    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        const SIDES: [&str; 3] = ["Shutdown::Read", "Shutdown::Write", "Shutdown::Both"];
        let side = self.text(path).to_owned();
        if SIDES.contains(&side.as_str()) {
            for other in SIDES.into_iter().filter(|other| *other != side) {
                self.replace(path, other, &format!("replace {side} with {other}"));
            }
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let name = call.method.to_string();
        if let [argument] = &call.args.iter().collect::<Vec<_>>()[..] {
            let (stream, bytes) = (self.text(&*call.receiver), self.text(*argument));
            let replacement = match name.as_str() {
                "read_exact" => Some(("read", format!("{stream}.read({bytes}).map(|_| ())"))),
                "write_all" => Some(("write", format!("{stream}.write({bytes}).map(|_| ())"))),
                "read" => Some((
                    "read_exact",
                    format!(
                        "{{ let all: &mut [u8] = {bytes}; \
                         {stream}.read_exact(all).map(|()| all.len()) }}"
                    ),
                )),
                "write" => Some((
                    "write_all",
                    format!(
                        "{{ let all: &[u8] = {bytes}; {stream}.write_all(all).map(|()| all.len()) }}"
                    ),
                )),
                _ => None,
            };
            if let Some((other, with)) = replacement {
                self.replace(call, with, &format!("replace {name} with {other}"));
            }
            if matches!(name.as_str(), "take" | "min") {
                self.one_off(argument);
            }
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_binary(&mut self, binary: &'ast ExprBinary) {
        use BinOp::{Eq, Ge, Gt, Le, Lt, Ne};

        if matches!(binary.op, Lt(_) | Le(_) | Gt(_) | Ge(_) | Eq(_) | Ne(_)) {
            self.one_off(&binary.right);
        }
        visit::visit_expr_binary(self, binary);
    }
}

impl Search<'_> {
    /// Make a limit one smaller or larger: a number, a constant or a length.
    fn one_off(&mut self, limit: &Expr) {
        let is_limit = match limit {
            Expr::Lit(it) => matches!(it.lit, Lit::Int(_)),
            Expr::Path(_) => !self.text(limit).contains(char::is_lowercase),
            Expr::MethodCall(call) => call.method == "len",
            _ => false,
        };
        if is_limit {
            let text = self.text(limit).to_owned();
            for other in [format!("({text} + 1)"), format!("({text} - 1)")] {
                self.replace(limit, &other, &format!("replace {text} with {other}"));
            }
        }
    }
}

/// The guards of locks in a statement that no variable holds, blocks inside it not counted.
struct Locks<'ast>(Vec<&'ast Expr>);

impl<'ast> Visit<'ast> for Locks<'ast> {
    fn visit_block(&mut self, _: &'ast Block) {}

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if is_guard(&call.receiver)
            && !matches!(call.method.to_string().as_str(), "unwrap" | "expect")
        {
            self.0.push(&call.receiver);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_field(&mut self, field: &'ast syn::ExprField) {
        if is_guard(&field.base) {
            self.0.push(&field.base);
        }
        visit::visit_expr_field(self, field);
    }
}

/// Whether this is `….lock()`, or its `unwrap()` or `expect(…)`.
fn is_guard(expression: &Expr) -> bool {
    let Expr::MethodCall(call) = expression else { return false };
    match call.method.to_string().as_str() {
        "lock" => true,
        "unwrap" | "expect" => is_guard(&call.receiver),
        _ => false,
    }
}
